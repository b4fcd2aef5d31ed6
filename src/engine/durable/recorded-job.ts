import type { SnapshotFrom } from 'xstate';
import type { goalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { Redactor } from '../../services/redaction/redactor.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../binding/clock.js';
import { statePathOf } from '../interpreter/position.js';
import type { BoundJob } from '../job/bound-job.js';
import { createInFlight, type InFlight } from '../job/in-flight.js';
import type { JobStore } from '../store/job-store.js';
import type { Lease } from '../store/lease/job-lease.js';
import { isStoreError, StoreError } from '../store/store-error.js';
import type { Departure } from './departure.js';
import { detachment, type RecordDraft, recordOf } from './record-draft.js';
import { createRecordWriter, type RecordWriter } from './record-writer.js';
import type { PortListener } from './recording-layer.js';
import { restingPosition } from './resting-position.js';
import { StoredHandle, type StoredJobHandle } from './stored-handle.js';
import { inWallTime } from './stored-times.js';
import { writeUrgency } from './write-urgency.js';

type JobSnapshot = SnapshotFrom<typeof goalJobMachine>;

export interface RecordedJobOptions {
  readonly draft: RecordDraft;
  readonly lease: Lease;
  readonly noReadBefore: number;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly lazyMs: number;
  /** The job continues exactly as it is stored. */
  readonly isStored: boolean;
  /** Called if a background write failed. */
  readonly onFailure: (error: unknown) => void;
  /** Called if the job has ended and its end could not be stored. */
  readonly onEndUnsaved: () => void;
  /** Called when the job has ended here and its end is stored; `isOurs` is false if another owner has it. */
  readonly onEnd: (isOurs: boolean) => Promise<void>;
}

/** One job of this process that is stored while it runs. */
export interface RecordedJob extends PortListener {
  readonly lease: Lease;
  readonly inFlight: InFlight;
  /** Receives the handle of the job once it runs. The returned handle waits for the store at the end of the job. */
  follow(bound: BoundJob, departure: Departure): StoredJobHandle;
  /** Resolves when the current state is on the disk (law 4, never lost). Rejects if the job must not continue. */
  beforeEffect(): Promise<void>;
  /** Stores the current state if it has changed. */
  write(): void;
  /** Another owner has the job: stop driving and writing it. */
  lose(): void;
  detach(): Promise<JobOutput>;
}

const lost = (jobId: string): StoreError =>
  new StoreError('lease-lost', `Job ${jobId} has another owner now; this process has stopped driving it.`);

const isLeaseLost = (error: unknown): boolean => isStoreError(error) && error.kind === 'lease-lost';

/** Nothing was sent that the store did not record: another process may continue from the stored state. */
const isStoppedByStore = (output: JobOutput): boolean =>
  output.status === 'failed' && output.jobSpecId === undefined && output.failure.kind === 'storage';

/** The writer of one job's draft. */
function writerOf(options: RecordedJobOptions, onLost: () => void): RecordWriter {
  const { draft, lease, store, clock, redactor, lazyMs, isStored } = options;
  return createRecordWriter({
    clock,
    lazyMs,
    isStored,
    async write(effect) {
      const now = wallTimeOf(clock);
      const record = recordOf(inWallTime(draft, clock), now, redactor);
      draft.retention = record.retention;
      draft.storedOffset = wallOffsetOf(clock);
      return store.save(record, { lease, effect });
    },
    onFailure: (error) => (isLeaseLost(error) ? onLost() : options.onFailure(error)),
  });
}

/** Updates the draft from a snapshot and requests a write if needed. */
function observe(draft: RecordDraft, snapshot: JobSnapshot, writer: RecordWriter, now: () => number): void {
  const { value, context } = snapshot;
  const before = draft.last;
  draft.last = { value, context };
  const isElsewhere =
    before === undefined || statePathOf(before.value).lifecycle !== statePathOf(value).lifecycle;
  if (isElsewhere || draft.since === undefined) draft.since = now();
  // After uploading they are in the context, and a repeated upload starts with none.
  if (statePathOf(value).step !== 'uploading') draft.arrived.clear();
  draft.tags = [...snapshot.tags].sort();
  const urgency = before
    ? writeUrgency(restingPosition(before, new Map()), restingPosition(draft.last, new Map()))
    : 'soon';
  if (urgency === 'soon') writer.writeSoon();
  if (urgency === 'lazy') writer.writeLazily();
}

/** Stores the end of a job that was detached while it waited: all else is stored already. False if it must be stored as a whole. */
async function amend({ draft, lease, store, clock }: RecordedJobOptions): Promise<boolean> {
  const change = detachment(draft);
  if (change === undefined || store.amend === undefined) return false;
  // The times in the record are those of a wall clock that was set since.
  if (draft.storedOffset !== wallOffsetOf(clock)) return false;
  const changes = { ...change, updatedAt: wallTimeOf(clock) };
  return (await store.amend(draft.id, changes, { lease })) === 'written';
}

const withoutLease = (output: JobOutput, jobId: string): JobOutput =>
  output.status === 'detached' ? { ...output, failure: lost(jobId).toJSON() } : output;

/** Records what the ports did for the job. */
const listenerOf = (
  { draft, clock, noReadBefore }: RecordedJobOptions,
  writer: RecordWriter,
): PortListener => ({
  noReadBefore,
  filesSeen(files) {
    draft.files = files;
  },
  recordedFile: (path) => draft.files.find((file) => file.path === path),
  uploadArrived(handle, fileId) {
    draft.arrived.set(handle, { fileId, uploadedAt: Math.ceil(clock.now()) });
    writer.writeSoon();
  },
});

/**
 * Notes in the draft how the job has ended. Returns whether the store has stopped it: if so, or if the machine threw, the job did
 * not end, and its last position is stored.
 */
function noteEnd(draft: RecordDraft, { position, isDone }: Departure, output: JobOutput, clock: Clock) {
  const isStopped = isStoppedByStore(output);
  if (isDone && !isStopped) {
    draft.ending = { ...position, output };
    if (output.status !== 'detached') draft.since = wallTimeOf(clock);
  }
  return isStopped;
}

/** Keeps the draft as the job is, and requests writes. */
function observeAll({ actor }: BoundJob, { draft, clock }: RecordedJobOptions, writer: RecordWriter): void {
  const note = (snapshot: JobSnapshot): void => {
    if (snapshot.status === 'active') observe(draft, snapshot, writer, () => wallTimeOf(clock));
  };
  note(actor.getSnapshot());
  actor.subscribe({ next: note, error: () => undefined });
}

/** A job that is about to run; pass its handle to `follow`. */
export function createRecordedJob(options: RecordedJobOptions): RecordedJob {
  const { draft, lease } = options;
  const { id } = draft;
  let isLost = false;
  let handle: StoredJobHandle | undefined;
  const lose = (): void => {
    if (isLost) return;
    isLost = true;
    writer.stop();
    handle?.send({ type: 'DETACH' });
  };
  const writer = writerOf(options, lose);

  const writeEnd = async (isStopped: boolean): Promise<boolean> => {
    // The store has just refused, so it already has the last position.
    if (isStopped) return writer.flush(false).then(() => true);
    return (writer.isCurrent() && (await amend(options))) || writer.finish();
  };

  /** The last write: afterwards another process may take the job. */
  const finish = async (bound: BoundJob, departure: Departure): Promise<JobOutput> => {
    const output = await bound.result();
    const isStopped = noteEnd(draft, departure, output, options.clock);
    const written = writeEnd(isStopped);
    const isStored = await written.catch((error: unknown) => {
      if (isLeaseLost(error)) lose();
      else options.onFailure(error);
      return true;
    });
    writer.stop();
    if (!isStored) options.onEndUnsaved();
    await options.onEnd(!isLost);
    return isLost ? withoutLease(output, id) : output;
  };

  const follow = (bound: BoundJob, departure: Departure): StoredJobHandle => {
    observeAll(bound, options, writer);
    handle = new StoredHandle(bound, departure, finish(bound, departure));
    return handle;
  };

  return {
    ...listenerOf(options, writer),
    lease,
    inFlight: createInFlight(),
    follow,
    lose,
    write: writer.writeSoon,
    async beforeEffect() {
      if (isLost) throw lost(id);
      try {
        await writer.flush(true);
      } catch (error) {
        if (isLeaseLost(error)) lose();
        throw error;
      }
    },
    detach: async () => handle?.detach() ?? { status: 'detached', reason: 'requested' },
  };
}
