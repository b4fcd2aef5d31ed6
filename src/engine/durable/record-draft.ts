import type { JobContext, UploadRecord } from '../../machines/job-context.js';
import type { JobInput } from '../../machines/job-input.js';
import type { DetachReason, JobOutput } from '../../machines/job-output.js';
import { defined } from '../../services/defined.js';
import type { Redactor } from '../../services/redaction/redactor.js';
import { type Position, snapshotAt, statePathOf } from '../interpreter/position.js';
import type { RecordChanges } from '../store/job-store.js';
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
import { onlyWaits, waitsFor } from './waits-for.js';

/** How a job ended in this process. */
export interface JobEnding extends Position {
  readonly output: JobOutput;
}

/** Everything known of a running job that goes into its record. */
export interface RecordDraft {
  readonly id: string;
  readonly input: JobInput;
  readonly createdAt: number;
  readonly queue: QueueRank | undefined;
  readonly outDir: string | undefined;
  files: readonly RecordedFile[];
  retention: Retention;
  /** Files uploaded while others are still being uploaded. */
  readonly arrived: Map<string, UploadRecord>;
  /** The last position while it was active; undefined before its first step. */
  last: Position | undefined;
  /** Epoch ms of the wall clock at which it entered its lifecycle state. */
  since: number | undefined;
  tags: readonly string[];
  ending: JobEnding | undefined;
  /** Of the last phase that was traced. */
  traceparent: string | undefined;
  /** How far the wall clock was set when the record was written, in ms. */
  storedOffset: number;
}

/** The position from which another process continues; undefined before the first step, and if there is nothing to resume. */
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

const waitForResume = (reason: DetachReason) => ({ reason: `resume (${reason})` });

const waitOf = ({ ending }: RecordDraft, resting: Position | undefined) =>
  ending?.output.status === 'detached' && !isUndecided(resting)
    ? waitForResume(ending.output.reason)
    : resting && waitsFor(resting);

/** A detached job can only wait for a person's decision. */
function tagsOf({ ending, tags }: RecordDraft, resting: Position | undefined): readonly string[] {
  if (ending !== undefined) return isUndecided(resting) ? ['user-input'] : [];
  // That something is in flight is irrelevant once stored.
  return tags.filter((tag) => tag !== 'in-flight');
}

const DETACHED = { state: 'detached', tags: [], waitsFor: waitForResume('requested') } as const;

/** Fields of the record that come from the context. */
const shownOf = (context: JobContext | undefined) =>
  defined({ step: context?.currentStep, progress: context?.progress, completed: context?.saved });

/**
 * What alone changes in the record of a waiting job that is detached on request; undefined for any other end. A download is left
 * out: how long its URL is valid is counted from the last write.
 */
export function detachment({ last, ending }: RecordDraft): Omit<RecordChanges, 'updatedAt'> | undefined {
  if (last === undefined || ending?.output.status !== 'detached') return undefined;
  if (ending.output.reason !== 'requested' || !onlyWaits(last)) return undefined;
  if (statePathOf(last.value).lifecycle === 'downloading') return undefined;
  if (ending.context.jobSpecId !== last.context.jobSpecId) return undefined;
  return DETACHED;
}

/** The record of a job at a time (epoch ms), without the key and without secret parts of URLs (law 5, never leaked). */
export function recordOf(draft: RecordDraft, now: number, redactor: Redactor): JobRecord {
  const { id, ...record } = recordInClear(draft, now);
  // The id belongs to the host, and the lease refers to it, so it is not redacted.
  return { id, ...redactor.plainJson(record) };
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
    ...defined({ waitsFor: waitOf(draft, resting), since: draft.since, traceparent: draft.traceparent }),
    createdAt: draft.createdAt,
    ...defined({ queue: draft.queue, outDir: draft.outDir }),
    updatedAt: now,
    input: sanitizeSnapshot(input),
    snapshot: sanitizeSnapshot(snapshotOf(draft, resting)),
    files: draft.files,
    retention: known ? retentionAt(draft, known.context, resting, now) : draft.retention,
  };
}
