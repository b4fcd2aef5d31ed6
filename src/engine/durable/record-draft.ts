import type { JobContext, UploadRecord } from '../../machines/job-context.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import { defined } from '../../services/defined.js';
import type { Redactor } from '../../services/redaction/redactor.js';
import { type Position, snapshotAt, statePathOf } from '../interpreter/position.js';
import {
  type JobRecord,
  type QueueRank,
  RECORD_VERSION,
  type RecordedFile,
  type Retention,
} from '../store/record/job-record.js';
import { sanitizeSnapshot } from '../store/record/sanitize-snapshot.js';
import { positionAfterDetach } from './detached-position.js';
import { restingPosition } from './resting-position.js';
import { retentionOf } from './retention.js';
import { waitsFor } from './waits-for.js';

/** How a job has ended in this process. */
export interface JobEnding extends Position {
  readonly output: JobOutput;
}

/** What is known of a job while it runs: all that its record is made of. */
export interface RecordDraft {
  readonly id: string;
  readonly input: JobInput;
  readonly createdAt: number;
  readonly queue: QueueRank | undefined;
  files: readonly RecordedFile[];
  retention: Retention;
  /** Files that have arrived while others are still on their way. */
  readonly arrived: Map<string, UploadRecord>;
  /** Where it stood when it was last active; undefined before its first step. */
  last: Position | undefined;
  /** Epoch ms of the wall clock: since when it is in its lifecycle state. */
  since: number | undefined;
  tags: readonly string[];
  ending: JobEnding | undefined;
}

/** The position from which another process goes on; undefined before the first step, and where there is nothing to resume. */
function resumablePosition({ last, ending, arrived }: RecordDraft): Position | undefined {
  if (last === undefined) return undefined;
  if (ending === undefined) return restingPosition(last, arrived);
  if (ending.output.status !== 'detached') return undefined;
  return restingPosition(positionAfterDetach(last, ending.context), arrived);
}

function snapshotOf({ ending }: RecordDraft, resting: Position | undefined): unknown {
  if (resting !== undefined) return snapshotAt(resting);
  if (ending === undefined) return null;
  const { value, context, output } = ending;
  return { status: 'done', value, historyValue: {}, context, children: {}, output };
}

function retentionAt(draft: RecordDraft, context: JobContext, resting: Position | undefined, now: number) {
  const uploads = resting?.context.uploads ?? context.uploads;
  const lifecycle = statePathOf(resting?.value ?? draft.ending?.value ?? '').lifecycle;
  return retentionOf({ ...context, uploads }, lifecycle, draft.retention, now);
}

const isUndecided = (resting: Position | undefined): boolean =>
  resting !== undefined && statePathOf(resting.value).step === 'outcomeUnknown';

const waitOf = ({ ending }: RecordDraft, resting: Position | undefined) =>
  ending?.output.status === 'detached' && !isUndecided(resting)
    ? { reason: `resume (${ending.output.reason})` }
    : resting && waitsFor(resting);

/** What a job that was let go still waits for is a person's decision, or nothing. */
function tagsOf({ ending, tags }: RecordDraft, resting: Position | undefined): readonly string[] {
  if (ending !== undefined) return isUndecided(resting) ? ['user-input'] : [];
  // That something is in flight is of no interest once it is stored.
  return tags.filter((tag) => tag !== 'in-flight');
}

/** What the record tells of the context. */
const shownOf = (context: JobContext | undefined) =>
  defined({ step: context?.currentStep, progress: context?.progress, completed: context?.saved });

/** The record of a job at a time (epoch ms), without the key and without what opens something behind a URL (law 5). */
export function recordOf(draft: RecordDraft, now: number, redactor: Redactor): JobRecord {
  const { id, ...record } = recordInClear(draft, now);
  // The id is the host's, and what the lease is about.
  return { id, ...redactor.value(record) };
}

function recordInClear(draft: RecordDraft, now: number): JobRecord {
  const resting = resumablePosition(draft);
  const known = draft.ending ?? draft.last;
  const input = known?.context.input ?? draft.input;
  return {
    schemaVersion: RECORD_VERSION,
    id: draft.id,
    ...defined({
      jobSpecId: known?.context.jobSpecId ?? draft.input.jobSpecId,
      workflowId: input.workflowId,
    }),
    state: statePathOf(known?.value ?? 'preparing').lifecycle,
    tags: tagsOf(draft, resting),
    ...shownOf(known?.context),
    ...defined({ waitsFor: waitOf(draft, resting), since: draft.since }),
    createdAt: draft.createdAt,
    ...defined({ queue: draft.queue }),
    updatedAt: now,
    input: sanitizeSnapshot(input),
    snapshot: sanitizeSnapshot(snapshotOf(draft, resting)),
    files: draft.files,
    retention: known ? retentionAt(draft, known.context, resting, now) : draft.retention,
  };
}
