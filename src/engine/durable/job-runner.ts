import type { JobInput } from '../../machines/job-input.js';
import { POLL_INTERVAL_MS } from '../../machines/states/watching.js';
import type { Redactor } from '../../services/redaction/redactor.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { type Position, snapshotAt, statePathOf } from '../interpreter/position.js';
import type { JobBinding } from '../job/provide-actors.js';
import { runBoundJob } from '../job/run-bound-job.js';
import type { JobStore } from '../store/job-store.js';
import type { Lease } from '../store/lease/job-lease.js';
import type { JobRecord, QueueRank, RecordedFile } from '../store/record/job-record.js';
import { type JobMemory, recordOf } from './job-memory.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { type FileRecorder, lookAgain } from './recorded-files.js';
import {
  changedInput,
  needsFiles,
  newValues,
  type ResumeChanges,
  resumedPosition,
  storedInput,
  storedPosition,
  withTimesOf,
} from './resumed-position.js';
import { prospectsOf } from './retention.js';
import { createRunningJob, type RunningJob } from './running-job.js';
import type { StoredJobHandle } from './stored-handle.js';
import { StoredJobError } from './stored-job-error.js';
import type { StoredJobsOptions } from './stored-jobs.js';
import { inWallTime, timesOfRecord } from './stored-times.js';

const DEFAULT_LAZY_MS = 1_000;
/** What goes on from here was given up, so that its deadline was for the run before. */
const HAS_ENDED_HERE: ReadonlySet<string> = new Set(['detached', 'failed']);

export interface JobRunnerOptions extends Pick<StoredJobsOptions, 'logger' | 'inspect' | 'lazyMs'> {
  readonly redactor: Redactor;
  readonly store: JobStore;
  readonly leases: LeaseKeeper;
  readonly binding: JobBinding;
  readonly clock: Clock;
  readonly recorder: FileRecorder;
  /** Where the bound ports find the jobs that call them. */
  readonly running: Map<string, RunningJob>;
  readonly onFailure: (jobId: string, error: unknown) => void;
  readonly onEndUnsaved: (jobId: string) => void;
  readonly onLost: (jobId: string) => void;
}

/** Turns a lease and what is known of a job into a job that runs. */
export interface JobRunner {
  /** @throws StoredJobError `exists`; StoreError */
  begin(id: string, input: JobInput, lease: Lease, queue?: QueueRank): Promise<StoredJobHandle>;
  /** @throws StoredJobError; StoreError */
  goOn(id: string, changes: ResumeChanges, lease: Lease): Promise<StoredJobHandle>;
}

const newMemory = (id: string, input: JobInput, now: number): JobMemory => ({
  id,
  input,
  createdAt: now,
  queue: undefined,
  files: [],
  retention: {},
  arrived: new Map(),
  last: undefined,
  tags: [],
  ending: undefined,
});

const memoryOf = (record: JobRecord, last: Position | undefined, input: JobInput): JobMemory => ({
  ...newMemory(record.id, input, record.createdAt),
  queue: record.queue,
  files: record.files,
  retention: record.retention,
  tags: record.tags,
  last,
});

const withAbsoluteFiles = (input: JobInput, recorder: FileRecorder): JobInput =>
  input.files === undefined
    ? input
    : { ...input, files: input.files.map((handle) => recorder.absolute(handle)) };

function refuseEnded(record: JobRecord, now: number): void {
  const { canResume, notes } = prospectsOf(record, now);
  if (canResume) return;
  const reason = record.state === 'completed' || record.state === 'failed' ? 'finished' : 'expired';
  const message = `Job ${record.id} cannot be resumed (${record.state}). ${notes.join(' ')}`;
  throw new StoredJobError(reason, record.id, message);
}

/** The files as they are now, their times included. @throws StoredJobError `files-changed` where one has other bytes */
async function refuseChangedFiles(
  recorder: FileRecorder,
  record: JobRecord,
): Promise<readonly RecordedFile[]> {
  const findings: string[] = [];
  const files: RecordedFile[] = [];
  for (const recorded of record.files) {
    const look = await lookAgain(recorder, recorded, 'hash');
    if ('change' in look) findings.push(look.change);
    else files.push(look.file);
  }
  if (findings.length === 0) return files;
  const message = `Job ${record.id} still has to upload files that are not what they were: ${findings.join('; ')}`;
  throw new StoredJobError('files-changed', record.id, message, { findings });
}

/** A restored machine does not look again at the question that it waits with. About a create only a policy that is given now decides. */
function answerAnew(handle: StoredJobHandle, { value, context }: Position, changes: ResumeChanges): void {
  const { step } = statePathOf(value);
  if (step === 'outcomeUnknown' && changes.onUnknownOutcome === 'retry') handle.send({ type: 'RETRY' });
  if (step === 'outcomeUnknown' && changes.onUnknownOutcome === 'fail') handle.send({ type: 'DETACH' });
  if (step !== 'awaitingSlots') return;
  const values = newValues(changes, context.question);
  const nobodyIsThere = changes.missingSlots === 'fail';
  if (Object.keys(values).length > 0 || nobodyIsThere) handle.submitSlots(values);
}

export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { store, leases, binding, clock, recorder, running, logger, inspect } = options;

  const end = async (memory: JobMemory, lease: Lease, isOurs: boolean): Promise<void> => {
    running.delete(memory.id);
    if (!isOurs) {
      leases.forget(lease);
      options.onLost(memory.id);
      return;
    }
    await leases.release(lease).catch((error: unknown) => options.onFailure(memory.id, error));
  };

  const prepare = (memory: JobMemory, lease: Lease, noReadBefore: number): RunningJob =>
    createRunningJob({
      memory,
      lease,
      noReadBefore,
      store,
      clock,
      redactor: options.redactor,
      lazyMs: options.lazyMs ?? DEFAULT_LAZY_MS,
      onFailure: (error) => options.onFailure(memory.id, error),
      onEndUnsaved: () => options.onEndUnsaved(memory.id),
      onEnd: (isOurs) => end(memory, lease, isOurs),
    });

  const run = (job: RunningJob, memory: JobMemory): StoredJobHandle => {
    const { id, input, last } = memory;
    running.set(id, job);
    const snapshot = last && snapshotAt(last);
    return job.follow(
      runBoundJob({ binding, inFlight: job.inFlight, clock, input, id, snapshot, logger, inspect }),
    );
  };

  return {
    async begin(id, input, lease, queue) {
      if (await store.load(id))
        throw new StoredJobError('exists', id, `The store holds a job ${id} already.`);
      const now = wallTimeOf(clock);
      const memory = { ...newMemory(id, withAbsoluteFiles(input, recorder), now), queue };
      const record = recordOf(inWallTime(memory, clock), now, options.redactor);
      await store.save(record, { lease, effect: true });
      return run(prepare(memory, lease, 0), memory);
    },
    async goOn(id, changes, lease) {
      const found = await store.load(id);
      if (!found) throw new StoredJobError('not-found', id, `The store holds no job ${id}.`);
      const times = timesOfRecord(found, clock);
      const record = { ...found, retention: times.retention };
      refuseEnded(record, wallTimeOf(clock));
      const stored = storedPosition(record);
      const now = clock.now();
      const resumption = { changes, now, wasDetached: HAS_ENDED_HERE.has(record.state) };
      const resumed = stored && resumedPosition(times.position(stored), resumption);
      const files =
        resumed && needsFiles(resumed) ? await refuseChangedFiles(recorder, record) : record.files;
      const position = resumed && withTimesOf(files, resumed);
      const input = position?.context.input ?? changedInput(times.input(storedInput(record)), resumption);
      const memory = memoryOf({ ...record, files }, position, input);
      const job = prepare(memory, lease, now + POLL_INTERVAL_MS);
      logger?.info({ job: id, notes: prospectsOf(record, wallTimeOf(clock)).notes }, 'resumed');
      const handle = run(job, memory);
      if (position) answerAnew(handle, position, changes);
      const isAsStored = !resumption.wasDetached && Object.keys(changes).length === 0;
      if (!isAsStored) job.write();
      return handle;
    },
  };
}
