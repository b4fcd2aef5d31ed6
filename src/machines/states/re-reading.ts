import type { Job } from '../../services/wire/wire-types.js';
import type { CallState, JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import { jobSetup } from '../job-setup.js';
import { unsentAnswers } from '../question/question.js';
import { chartCourse } from '../reading/course.js';
import { highest, learnConfirmed, trusting } from '../reading/news.js';
import type { Reply } from '../reply.js';
import { followBranches } from './following.js';
import { crashBranch, noteDetach } from './letting-go.js';
import { failureBranches } from './waits.js';

type ContextAndJob = { readonly context: JobContext; readonly event: { readonly output: Reply<Job> } };

/** The guarded call that is to be repeated, if one is. */
const troubled = (context: JobContext): CallState | undefined =>
  context.interrupted === 'filling' || context.interrupted === 'requesting' ? context.interrupted : undefined;

/** The re-read shows the very job that refused us, and not for its item version: nothing to do but to wait a little. */
function isUnchanged({ context, event }: ContextAndJob): boolean {
  if (context.refusedVersion !== undefined && context.refusedVersion === context.itemVersion) return false;
  const call = troubled(context);
  if (call === undefined || context.setbacks[call] === undefined || !event.output.ok) return false;
  const job = event.output.value;
  const course = chartCourse(trusting(context, job), job);
  const asked = context.question?.checkpoint === undefined ? 'pending' : 'slot_needed';
  if (course !== asked || (job.itemVersion ?? context.sentVersion) !== context.sentVersion) return false;
  return (
    call === 'requesting' || (context.question !== undefined && unsentAnswers(context.question).length > 0)
  );
}

/** So often such a refusal is looked into; after that it is believed. */
const MAX_WATCHED_REFUSALS = 2;

/** Refused as an invalid transition, and yet shown as open: perhaps somebody else confirmed, and the job has not noticed yet. */
const isPerhapsStarted = (news: ContextAndJob): boolean =>
  news.context.interrupted === 'requesting' &&
  news.context.setbacks.requesting?.failure.kind === 'invalid-transition' &&
  (news.context.question?.refusedConfirms ?? 0) < MAX_WATCHED_REFUSALS &&
  isUnchanged(news);

/** The job is watched as if we had confirmed: should it stay where it is, the confirm is repeated. */
const watchAsConfirmed = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndJob): Partial<JobContext> => {
    const { question } = context;
    if (question === undefined) return {};
    const refusedConfirms = (question.refusedConfirms ?? 0) + 1;
    return learnConfirmed({ ...context, question: { ...question, refusedConfirms } }, {}, event.output.at);
  },
};

/** Whether a version may be sent: it was read from the server, and the server has not refused it (law 2). */
const isUsable = (version: number | undefined, { refusedVersion }: JobContext): boolean =>
  version !== undefined && (refusedVersion === undefined || version > refusedVersion);

/** Older than what we hold, or without an item version under which its question can be answered. */
const isNoHelp = ({ context, event }: ContextAndJob): boolean => {
  if (!event.output.ok) return false;
  const job = event.output.value;
  const course = chartCourse(trusting(context, job), job);
  const isOpen = course === 'pending' || course === 'slot_needed';
  const isAnswerable = isUsable(highest(context.itemVersion, job.itemVersion), context);
  return course === 'stale' || course === 'suspect' || (isOpen && !isAnswerable);
};

/** So many re-reads in a row that were of no help: this server cannot be followed. By default 12, which take a minute and more. */
const mostLaggingReads = ({ retry }: JobContext): number => Math.ceil(1.5 * retry.maxAttempts);

const isHopeless = (news: ContextAndJob): boolean =>
  isNoHelp(news) && news.context.staleReadings >= mostLaggingReads(news.context);

const noteLagging = {
  type: 'noteFailure' as const,
  params: {
    kind: 'bad-response' as const,
    message:
      'the server keeps answering with an older state of the job than it has shown before, without its item version, or with the one that it refused',
    advice: 'Attach to the job again later.',
    delivery: 'refused' as const,
  },
};

const pauseBeforeRepeat = {
  type: 'note' as const,
  params: ({ context }: ContextAndJob): Partial<JobContext> => {
    const call = troubled(context);
    const setback = call && context.setbacks[call];
    return setback === undefined ? {} : { waitUntil: setback.until };
  },
};

/** A lagging replica answers with an older job, or with half of one: ask again a little later. */
const pauseBeforeReRead = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndJob): Partial<JobContext> => ({
    staleReadings: context.staleReadings + 1,
    // A version is believed also where the rest of the reading is doubted (law 2: it only goes up).
    itemVersion: highest(context.itemVersion, event.output.ok ? event.output.value.itemVersion : undefined),
    interrupted: 'refreshingVersion',
    waitUntil: event.output.at + 1_000 * Math.min(30, context.staleReadings + 1),
  }),
};

const announceResolved = {
  type: 'announce' as const,
  params: ({ event }: ContextAndJob): JobEmitted => ({
    type: 'conflictResolved',
    ...(event.output.ok && event.output.value.itemVersion !== undefined
      ? { itemVersion: event.output.value.itemVersion }
      : {}),
  }),
};

/** Where a re-read leads, other than back to a call that was refused. */
const outcomes = [
  { guard: isHopeless, target: '#goalJob.detached', actions: [noteLagging, noteDetach('unreachable')] },
  { guard: isNoHelp, target: 'backingOff', actions: [pauseBeforeReRead] },
  ...followBranches('job', trusting, [{ type: 'forgetSetback', params: 'refreshingVersion' }]).map(
    (branch) => ({
      ...branch,
      actions: [...branch.actions, announceResolved],
    }),
  ),
  ...failureBranches('refreshingVersion'),
];

const reRead = {
  description: 'The job is read again: its item version, and whether the same question is still open.',
  tags: ['resolving-conflict', 'in-flight'],
} as const;

const jobToRead = ({ context }: { context: JobContext }) => ({ jobSpecId: context.jobSpecId ?? '' });

const unchangedBranch = { guard: isUnchanged, target: 'backingOff', actions: [pauseBeforeRepeat] } as const;

/** Law 2: 409, 400 or a lost reply is news. The job is read again, and followed to where it is. */
export const refreshingVersion = jobSetup.createStateConfig({
  ...reRead,
  tags: [...reRead.tags],
  invoke: { src: 'getJob', input: jobToRead, onDone: [unchangedBranch, ...outcomes], onError: crashBranch },
});

/** The same after a confirm. */
export const doubtingConfirm = jobSetup.createStateConfig({
  ...reRead,
  tags: [...reRead.tags],
  invoke: {
    src: 'getJob',
    input: jobToRead,
    onDone: [
      { guard: isPerhapsStarted, target: 'pausing', actions: [watchAsConfirmed] },
      unchangedBranch,
      ...outcomes,
    ],
    onError: crashBranch,
  },
});

/** The same where no question is open, so that no call can have been refused: a status that cannot be true is doubted. */
export const doubtingStatus = jobSetup.createStateConfig({
  ...reRead,
  tags: [...reRead.tags],
  invoke: { src: 'getJob', input: jobToRead, onDone: outcomes, onError: crashBranch },
});
