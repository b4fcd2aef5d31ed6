import type { JobInput } from '../../machines/job-input.js';
import { POLL_INTERVAL_MS } from '../../machines/states/watching.js';
import type { Redactor } from '../../services/redaction/redactor.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { type Position, snapshotAt, statePathOf } from '../interpreter/position.js';
import { BoundJob } from '../job/bound-job.js';
import type { JobBinding } from '../job/job-binding.js';
import { runBoundParts } from '../job/run-bound-job.js';
import type { Surroundings } from '../job/view/job-watch.js';
import type { JobStore } from '../store/job-store.js';
import type { Lease } from '../store/lease/job-lease.js';
import type { JobRecord, QueueRank, RecordedFile } from '../store/record/job-record.js';
import { Departure } from './departure.js';
import type { HistoryWriter } from './history-writer.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { type RecordDraft, recordOf } from './record-draft.js';
import { type FileRecorder, lookAgain } from './recorded-files.js';
import { createRecordedJob, type RecordedJob, type RecordedJobOptions } from './recorded-job.js';
import {
  changedInput,
  isAsRecorded,
  needsFiles,
  newValues,
  type ResumeChanges,
  resumedPosition,
  storedInput,
  storedPosition,
  withTimesOf,
} from './resumed-position.js';
import { prospectsOf } from './retention.js';
import type { StoredJobHandle } from './stored-handle.js';
import { StoredJobError } from './stored-job-error.js';
import type { StoredJobsOptions } from './stored-jobs.js';
import { inWallTime, timesOfRecord } from './stored-times.js';

const DEFAULT_LAZY_MS = 1_000;
/** A job that continues from one of these states had ended here, so its deadline was for the previous run. */
const HAS_ENDED_HERE: ReadonlySet<string> = new Set(['detached', 'failed']);

export interface JobStarterOptions
  extends Pick<StoredJobsOptions, 'logger' | 'inspect' | 'lazyMs' | 'telemetry' | 'outDirOf'> {
  readonly redactor: Redactor;
  readonly store: JobStore;
  readonly leases: LeaseKeeper;
  readonly binding: JobBinding;
  readonly surroundings: Surroundings | undefined;
  readonly history: HistoryWriter;
  readonly clock: Clock;
  readonly recorder: FileRecorder;
  /** Where the bound ports look up the jobs that call them. */
  readonly running: Map<string, RecordedJob>;
  readonly onFailure: (jobId: string, error: unknown) => void;
  readonly onEndUnsaved: (jobId: string) => void;
  readonly onLost: (jobId: string) => void;
}

/** Starts a job from a lease and what is known of it. */
export interface JobStarter {
  /** @throws StoredJobError `exists`; StoreError */
  start(id: string, input: JobInput, lease: Lease, queue?: QueueRank): Promise<StoredJobHandle>;
  /** @throws StoredJobError; StoreError */
  resume(id: string, changes: ResumeChanges, lease: Lease): Promise<StoredJobHandle>;
}

const newDraft = (id: string, input: JobInput, now: number): RecordDraft => ({
  id,
  input,
  createdAt: now,
  queue: undefined,
  outDir: undefined,
  files: [],
  retention: {},
  arrived: new Map(),
  last: undefined,
  since: undefined,
  tags: [],
  ending: undefined,
  traceparent: undefined,
  storedOffset: 0,
});

const draftOf = (record: JobRecord, last: Position | undefined, input: JobInput): RecordDraft => ({
  ...newDraft(record.id, input, record.createdAt),
  queue: record.queue,
  outDir: record.outDir,
  files: record.files,
  retention: record.retention,
  tags: record.tags,
  last,
  since: record.since,
  traceparent: record.traceparent,
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

/** The files as they are now, including their times. @throws StoredJobError `files-changed` if the content of one has changed */
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

/**
 * A restored machine does not re-examine its open question, so new values are submitted here. A create is decided only by a
 * policy given now.
 */
function answerAgain(handle: StoredJobHandle, { value, context }: Position, changes: ResumeChanges): void {
  const { step } = statePathOf(value);
  if (step === 'outcomeUnknown' && changes.onUnknownOutcome === 'retry') handle.send({ type: 'RETRY' });
  if (step === 'outcomeUnknown' && changes.onUnknownOutcome === 'fail') handle.send({ type: 'DETACH' });
  if (step !== 'awaitingSlots') return;
  const values = newValues(changes, context.question);
  const nobodyIsThere = changes.missingSlots === 'fail';
  if (Object.keys(values).length > 0 || nobodyIsThere) handle.submitSlots(values);
}

class Starter implements JobStarter {
  readonly #options: JobStarterOptions;

  constructor(options: JobStarterOptions) {
    this.#options = options;
  }

  async start(id: string, input: JobInput, lease: Lease, queue?: QueueRank): Promise<StoredJobHandle> {
    const { store, clock, recorder, redactor, outDirOf } = this.#options;
    if (await store.load(id)) throw new StoredJobError('exists', id, `The store holds a job ${id} already.`);
    const now = wallTimeOf(clock);
    const outDir = outDirOf?.(id);
    const draft = { ...newDraft(id, withAbsoluteFiles(input, recorder), now), queue, outDir };
    const record = recordOf(inWallTime(draft, clock), now, redactor);
    await store.save(record, { lease, effect: true });
    return this.#run(this.#prepare(draft, lease, { noReadBefore: 0, isStored: false }), draft);
  }

  async resume(id: string, changes: ResumeChanges, lease: Lease): Promise<StoredJobHandle> {
    const { store, clock, recorder, logger } = this.#options;
    const found = await store.load(id);
    if (!found) throw new StoredJobError('not-found', id, `The store holds no job ${id}.`);
    const times = timesOfRecord(found, clock);
    const record = { ...found, retention: times.retention };
    refuseEnded(record, wallTimeOf(clock));
    const stored = storedPosition(record);
    const now = clock.now();
    const resumption = { changes, now, wasDetached: HAS_ENDED_HERE.has(record.state) };
    const resumed = stored && resumedPosition(times.position(stored), resumption);
    const files = resumed && needsFiles(resumed) ? await refuseChangedFiles(recorder, record) : record.files;
    const position = resumed && withTimesOf(files, resumed);
    const input = position?.context.input ?? changedInput(times.input(storedInput(record)), resumption);
    const draft = draftOf({ ...record, files }, position, input);
    const isAsStored = !resumption.wasDetached && Object.keys(changes).length === 0;
    const isStored = isAsStored && isAsRecorded(found, { stored, now: position, retention: times.retention });
    const job = this.#prepare(draft, lease, { noReadBefore: now + POLL_INTERVAL_MS, isStored });
    logger?.info({ job: id, notes: prospectsOf(record, wallTimeOf(clock)).notes }, 'resumed');
    const handle = this.#run(job, draft);
    if (position) answerAgain(handle, position, changes);
    if (!isAsStored) job.write();
    return handle;
  }

  #prepare(
    draft: RecordDraft,
    lease: Lease,
    how: Pick<RecordedJobOptions, 'noReadBefore' | 'isStored'>,
  ): RecordedJob {
    const { store, clock, redactor, lazyMs = DEFAULT_LAZY_MS } = this.#options;
    return createRecordedJob({
      draft,
      lease,
      noReadBefore: how.noReadBefore,
      isStored: how.isStored,
      store,
      clock,
      redactor,
      lazyMs,
      onFailure: (error) => this.#options.onFailure(draft.id, error),
      onEndUnsaved: () => this.#options.onEndUnsaved(draft.id),
      onEnd: (isOurs) => this.#end(draft, lease, isOurs),
    });
  }

  #run(job: RecordedJob, draft: RecordDraft): StoredJobHandle {
    const { binding, clock, running, logger, inspect, surroundings, telemetry, history } = this.#options;
    const { id, input, last, since } = draft;
    const { inFlight } = job;
    running.set(id, job);
    const snapshot = last && snapshotAt(last);
    const shared = { logger, inspect, surroundings, kept: draft, since, telemetry, traced: draft };
    const parts = runBoundParts({ binding, inFlight, clock, input, id, snapshot, ...shared });
    const isUnobserved = logger === undefined && inspect === undefined && telemetry === undefined;
    const departure = new Departure(parts, isUnobserved);
    const bound = new BoundJob(parts);
    const handle = job.follow(bound, departure);
    departure.onLeave(history.follow(bound, handle.result(), last !== undefined));
    return handle;
  }

  async #end({ id }: RecordDraft, lease: Lease, isOurs: boolean): Promise<void> {
    const { running, leases, onLost, onFailure } = this.#options;
    running.delete(id);
    if (!isOurs) {
      leases.forget(lease);
      onLost(id);
      return;
    }
    await leases.release(lease).catch((error: unknown) => onFailure(id, error));
  }
}

export const createJobStarter = (options: JobStarterOptions): JobStarter => new Starter(options);
