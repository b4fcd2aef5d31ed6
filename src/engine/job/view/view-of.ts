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

/** The parts of a machine's snapshot that a view needs. */
export interface ViewedSnapshot extends Position {
  /** Absent in a persisted snapshot. */
  readonly tags?: Iterable<string>;
}

/** Data of a view that the snapshot does not contain; the process that drives the job records it. Times are epoch ms. */
export interface Observed {
  /** When the job entered its lifecycle state. */
  readonly since?: number;
  /** When its current wait began. */
  readonly waitSince?: number;
  readonly queue?: JobQueuePlace;
  /** Bytes sent, by the file's handle. */
  readonly sent?: ReadonlyMap<string, number>;
  readonly received?: { readonly receivedBytes: number; readonly totalBytes?: number };
  /** When the server was first seen to have completed the job. */
  readonly completedAt?: number;
  /** The stored retention times. */
  readonly retention?: JobRetention;
}

/** `{ executing: 'reading' }` as `executing.reading`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join(' ');
}

/** The failure that blocks the job or ended it. Elsewhere the context may contain an old failure. */
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

/**
 * The server keeps a result this long after completion ("Step 8: Download Results"), and a file that no job uses ("Step 2: Upload
 * a File").
 */
const KEPT_MS = 24 * 3_600_000;

function retentionOf(context: JobContext, { completedAt, retention }: Observed): JobRetention {
  const { download, resultKeptUntil, jobSpecId, uploads } = context;
  const uploadedAt = uploads.flatMap((upload) => (upload === null ? [] : [upload.uploadedAt]));
  const areUnused = jobSpecId === undefined && uploadedAt.length > 0;
  return {
    ...defined({
      urlExpiresAt: download?.expiresAt,
      // If the server did not state it: the job completed at the latest when we learned of it.
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
 * A snapshot of the machine as shown to hosts without XState. Upload progress, the start of a wait and the position in a queue
 * are not in a snapshot; only a handle shows them.
 */
export const viewOf = (snapshot: ViewedSnapshot): JobView => viewWith(snapshot, {});
