import type { JobStatus } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import { type Course, chartCourse, type Reading } from '../reading/course.js';
import { learnReading } from '../reading/news.js';
import type { Reply } from '../reply.js';

type ContextAndReading = {
  readonly context: JobContext;
  readonly event: { readonly output: Reply<Reading> };
};

/** Where each of the server's words leads. */
const targets: Readonly<Record<JobStatus, string>> = {
  pending: '#goalJob.pending',
  confirming: '#goalJob.confirming.pausing',
  executing: '#goalJob.executing',
  slot_needed: '#goalJob.slot_needed',
  completed: '#goalJob.downloading',
  failed: '#goalJob.failed',
};

/** Our memory as it counts for a reading. */
type View = (context: JobContext, reading: Reading) => JobContext;

export const leadsTo =
  (course: Course, view: View = (context) => context) =>
  ({ context, event }: ContextAndReading) =>
    event.output.ok && chartCourse(view(context, event.output.value), event.output.value) === course;

/** Guards saw a success; the fallback says nothing new. */
const said = (reply: Reply<Reading>): Reading =>
  reply.ok ? reply.value : { status: 'unknown', statusWord: '' };

export const note = (source: 'job' | 'status', view: View = (context) => context) => [
  {
    type: 'announceReading' as const,
    params: ({ event }: ContextAndReading) => ({ reading: said(event.output), source }),
  },
  {
    type: 'note' as const,
    params: ({ context, event }: ContextAndReading) =>
      event.output.ok
        ? learnReading(view(context, event.output.value), event.output.value, event.output.at, source)
        : {},
  },
];

/** Follows the job to wherever the server says that it is. */
export const followBranches = (
  source: 'job' | 'status',
  view?: View,
  more: readonly {
    type: 'forgetSetback';
    params: 'attaching' | 'creating' | 'refreshingVersion' | 'reading';
  }[] = [],
) =>
  (['pending', 'confirming', 'executing', 'slot_needed', 'completed', 'failed'] as const).map((course) => ({
    guard: leadsTo(course, view),
    target: targets[course],
    actions: [...note(source, view), ...more],
  }));
