import type { StateValue } from 'xstate';
import type { JobContext } from '../../../machines/job-context.js';
import { defined } from '../../../services/defined.js';
import type { Failure } from '../../../services/failure.js';
import { type Position, statePathOf } from '../../interpreter/position.js';
import type {
  JobLifecycle,
  JobQueuePlace,
  JobResultView,
  JobRetention,
  JobView,
} from '../source/job-view.js';
import { fileViews, lastPart } from './file-views.js';
import { needsOf } from './needs-of.js';
import { waitOf } from './wait-of.js';

/** A snapshot of the machine, as far as it is shown. */
export interface ViewedSnapshot extends Position {
  /** Absent in a persisted snapshot. */
  readonly tags?: Iterable<string>;
}

/** What is shown of a job that its snapshot does not hold: the process that drives it keeps it. Times are epoch ms. */
export interface Observed {
  /** Since when the job is in its lifecycle state. */
  readonly since?: number;
  /** Since when it waits for what it waits for. */
  readonly waitSince?: number;
  readonly queue?: JobQueuePlace;
  /** Bytes that have left, by the file's handle. */
  readonly sent?: ReadonlyMap<string, number>;
  readonly received?: { readonly receivedBytes: number; readonly totalBytes?: number };
  /** When the server was heard to have completed the job. */
  readonly completedAt?: number;
  /** What is kept of it beside the job. */
  readonly retention?: JobRetention;
}

/** `{ executing: 'reading' }` as `executing.reading`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join(' ');
}

/** Where a failure is what stands in the way, or how the job ended; elsewhere the context may hold one that is over. */
function failureOf({ value, context }: Position): Failure | undefined {
  const { lifecycle, step } = statePathOf(value);
  const { failure, interrupted, setbacks } = context;
  if (lifecycle === 'failed' || lifecycle === 'detached' || step === 'outcomeUnknown') return failure;
  const isWait = step === 'rateLimited' || step === 'backingOff' || step === 'refreshingVersion';
  return isWait && interrupted !== undefined ? setbacks[interrupted]?.failure : undefined;
}

function resultOf(context: JobContext, { received }: Observed): JobResultView | undefined {
  const { saved, download } = context;
  if (saved !== undefined) return { name: lastPart(saved.file), ...saved };
  if (download === undefined) return undefined;
  const { filename } = download;
  return defined({
    name: filename === undefined ? undefined : lastPart(filename),
    bytes: received?.totalBytes,
    receivedBytes: received?.receivedBytes,
  });
}

/** The result is kept for so long after completion (Step 8), and so is a file that no job uses (Step 2). */
const KEPT_MS = 24 * 3_600_000;

function retentionOf(context: JobContext, { completedAt, retention }: Observed): JobRetention {
  const { download, resultKeptUntil, jobSpecId, uploads } = context;
  const uploadedAt = uploads.flatMap((upload) => (upload === null ? [] : [upload.uploadedAt]));
  const areUnused = jobSpecId === undefined && uploadedAt.length > 0;
  return {
    ...defined({
      urlExpiresAt: download?.expiresAt,
      // Without the server's word for it: it has completed at the latest when we heard of it.
      resultExpiresAt: resultKeptUntil ?? (completedAt === undefined ? undefined : completedAt + KEPT_MS),
      filesExpireAt: areUnused ? Math.min(...uploadedAt) + KEPT_MS : undefined,
    }),
    ...retention,
  };
}

/** @internal */
export function viewWith(snapshot: ViewedSnapshot, observed: Observed): JobView {
  const { context, value } = snapshot;
  const { lifecycle } = statePathOf(value);
  const wait = waitOf(snapshot);
  const { waitSince, since, queue, sent } = observed;
  return {
    // The lifecycle states of the chart are its top-level states.
    state: lifecycle as JobLifecycle,
    path: statePath(value),
    tags: [...(snapshot.tags ?? [])],
    files: fileViews(context, sent),
    retention: retentionOf(context, observed),
    ...defined({
      jobSpecId: context.jobSpecId,
      workflowId: context.input.workflowId,
      itemVersion: context.itemVersion,
      progress: context.progress,
      currentStep: context.currentStep,
      wait: wait && { ...defined({ since: waitSince }), ...wait },
      waitingUntil: wait?.until,
      since,
      queue,
      failure: failureOf(snapshot),
      detachReason: lifecycle === 'detached' ? context.detachReason : undefined,
      result: resultOf(context, observed),
    }),
    ...needsOf(snapshot),
  };
}

/**
 * A snapshot of the machine as hosts without XState see it. It tells what the snapshot holds; how many bytes of a file have left, since when
 * a job waits and its place in a queue are known to a handle alone.
 */
export const viewOf = (snapshot: ViewedSnapshot): JobView => viewWith(snapshot, {});
