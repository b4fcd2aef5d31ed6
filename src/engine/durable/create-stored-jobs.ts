import { COUNT, checkNumbers, TIME_SPAN, TIME_SPAN_OR_NONE } from '../../services/check-numbers.js';
import { checkParts } from '../../services/check-parts.js';
import { defined } from '../../services/defined.js';
import { guardedCall } from '../../services/guarded-call.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor } from '../../services/redaction/redactor.js';
import { stackOf } from '../binding/as-failure.js';
import { type Clock, systemClock, wallTimeOf } from '../binding/clock.js';
import { inClockTime } from '../binding/clock-steps.js';
import { layered } from '../binding/ports-layer.js';
import { createJobBinding } from '../job/bind-ports.js';
import { checkJobInput, checkOwnId } from '../job/check-job-input.js';
import { checkJobOptions } from '../job/check-job-options.js';
import { tracedPorts } from '../job/telemetry/traced-ports.js';
import type { Surroundings } from '../job/view/job-watch.js';
import { currentOwner } from '../store/lease/process-liveness.js';
import { createResilientStore } from '../store/resilient-store.js';
import { createClaims } from './claims.js';
import { createHistoryWriter } from './history-writer.js';
import { createJobStarter } from './job-starter.js';
import { createLeaseKeeper } from './lease-keeper.js';
import { diskFiles } from './recorded-files.js';
import type { RecordedJob } from './recorded-job.js';
import { recording } from './recording-layer.js';
import { detachAll, resumableJobs } from './resumable-jobs.js';
import type { StoredJobHandle } from './stored-handle.js';
import type { StoredJobs, StoredJobsOptions, StoredJobsWarning } from './stored-jobs.js';
import { viewOfRecord } from './view-of-record.js';

export const DEFAULT_LEASE_MS = 30_000;

/** Reports a warning to the host and the log. Errors of the host's listener are ignored. */
function createAlarm({ onWarning, logger }: StoredJobsOptions): (warning: StoredJobsWarning) => void {
  return (warning) => {
    const error = 'error' in warning ? warning.error : undefined;
    const reason = error instanceof Error ? error.message : undefined;
    const job = 'jobId' in warning ? warning.jobId : undefined;
    const level = LOUD.has(warning.type) ? 'error' : 'warn';
    logger?.[level]({ job, warning: warning.type, reason }, WORDS[warning.type]);
    guardedCall(
      () => onWarning?.(warning),
      (thrown) =>
        logger?.error({ job, function: 'onWarning', stack: stackOf(thrown) }, 'onWarning of the host threw'),
    );
  };
}

/** Warnings that mean possible loss of work. */
const LOUD: ReadonlySet<StoredJobsWarning['type']> = new Set(['store', 'lease-lost', 'unsaved']);

const WORDS: Readonly<Record<StoredJobsWarning['type'], string>> = {
  store: 'the store does not work: a crash from now on loses what is not stored',
  'store-moved':
    'the store was removed or replaced while jobs run; they are stored in the file that is there now',
  'end-unsaved': 'a job has ended, and the store does not hold how',
  'lease-lost': 'another process drives this job now; this one has stopped',
  unsaved: 'the state of a job could not be stored',
  'lease-doubted': 'the process that drives a job may be gone: its heartbeat is watched',
  'clock-set': 'the wall clock was set: waits still end when their time has passed',
};

/** @internal The stored jobs of a lane. */
export interface LaneStoredJobs extends StoredJobs {
  /** @param handles of the lane: detached first, also those whose jobs are still being stored */
  close(handles?: readonly Pick<StoredJobHandle, 'detach'>[]): Promise<void>;
}

/** What the jobs of one store share: one binding of their ports, one owner, one heartbeat. */
function wire(
  given: StoredJobsOptions,
  running: Map<string, RecordedJob>,
  surroundings: Surroundings | undefined,
) {
  const redactor = createRedactor(given.apiKey === undefined ? [] : [given.apiKey]);
  const logger = given.logger && redactingLogger(given.logger, redactor);
  const options = { ...given, ...(logger ? { logger } : {}) };
  const clock: Clock = options.clock ?? systemClock;
  const recorder = options.files ?? diskFiles;
  const alarm = createAlarm(options);
  const store = createResilientStore(options.store, {
    onWarning: (warning) => alarm({ type: 'store', ...warning }),
  });
  const leases = createLeaseKeeper({
    store,
    clock,
    owner: options.owner ?? currentOwner(),
    ttlMs: options.leaseMs ?? DEFAULT_LEASE_MS,
    stopWaiting: options.stopWaiting,
    onDoubt: ({ jobId, owner, ttlMs }) =>
      alarm({ type: 'lease-doubted', jobId, holder: owner, forMs: ttlMs }),
    onLost: ({ jobId }) => running.get(jobId)?.lose(),
    onFailure: (error) => alarm({ type: 'unsaved', error }),
  });
  const binding = createJobBinding(
    tracedPorts(
      layered(
        options.ports,
        recording(recorder, (jobId) => running.get(jobId)),
      ),
      options.telemetry,
      logger,
    ),
    {
      clock,
      random: options.random ?? Math.random,
      lookAhead: options.inspect === undefined,
      isShared: true,
      ...defined({ uploadsAtOnce: options.uploadsAtOnce }),
      beforeEffect: async ({ id }) => running.get(id)?.beforeEffect(),
      logger: options.logger,
    },
  );
  const history = createHistoryWriter(store, clock, redactor, (error) =>
    logger?.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      'what jobs did could not be kept',
    ),
  );
  const starter = createJobStarter({
    ...options,
    redactor,
    store,
    leases,
    binding,
    surroundings,
    clock,
    recorder,
    running,
    onFailure: (jobId, error) => alarm({ type: 'unsaved', jobId, error }),
    onEndUnsaved: (jobId) => alarm({ type: 'end-unsaved', jobId }),
    history,
    onLost: (jobId) => alarm({ type: 'lease-lost', jobId }),
  });
  const stopWatching = options.store.onMove?.((move) => {
    alarm({ type: 'store-moved', ...move });
    for (const job of running.values()) job.write();
  });
  const stopListening = clock.onStep?.((byMs) => alarm({ type: 'clock-set', byMs }));
  const stopWarning = (): void => {
    stopWatching?.();
    stopListening?.();
  };
  return { store, leases, starter, clock, history, stopWarning };
}

/**
 * Runs jobs that are kept in a store. All of them share one binding of their ports, one owner and one heartbeat.
 *
 * @example
 * ```ts
 * import { createNodeClient, createNodePorts, createStoredJobs, openJobStore } from 'goal-lane';
 *
 * const apiKey = process.env.CONVILYN_API_KEY ?? '';
 * const client = createNodeClient({ apiKey });
 * const store = await openJobStore({ path: 'jobs.db' });
 * const jobs = createStoredJobs({ store, apiKey, ports: createNodePorts({ client, outDir: 'results' }) });
 * const { handles } = await jobs.resumeAll(); // what an earlier process left unfinished
 * const job = await jobs.start({ workflowId: 'goal_lane.cover_letter', files: ['resume.pdf'] });
 * const outcomes = await Promise.all([...handles, job].map((handle) => handle.result()));
 * console.log(outcomes.map(({ status }) => status));
 * await jobs.close();
 * await store.close();
 * ```
 */
export function createStoredJobs(options: StoredJobsOptions): StoredJobs;
/** @internal For a lane, which knows the position of a job in its queue. */
export function createStoredJobs(options: StoredJobsOptions, surroundings?: Surroundings): LaneStoredJobs;
export function createStoredJobs(options: StoredJobsOptions, surroundings?: Surroundings): LaneStoredJobs {
  checkParts(options);
  checkNumbers(options, { leaseMs: TIME_SPAN, lazyMs: TIME_SPAN_OR_NONE, uploadsAtOnce: COUNT });
  const running = new Map<string, RecordedJob>();
  const { store, leases, starter, clock, history, stopWarning } = wire(options, running, surroundings);
  const claims = createClaims(leases, running);
  const resumableIds = async (): Promise<readonly string[]> =>
    (await resumableJobs(store, wallTimeOf(clock))).map(({ id }) => id).filter((id) => !running.has(id));
  return {
    // Deadlines are converted to our clock at once, because it does not move when the wall clock is set.
    async start(given, { id = crypto.randomUUID(), queue } = {}) {
      checkJobInput(given);
      checkOwnId(id);
      const input = inClockTime(clock, given);
      return claims.with(id, (lease) => starter.start(id, input, lease, queue));
    },
    async resume(id, given = {}) {
      checkJobOptions(given);
      const changes = inClockTime(clock, given);
      return claims.with(id, (lease) => starter.resume(id, changes, lease));
    },
    async resumeAll(given = {}, ids) {
      checkJobOptions(given);
      const changes = inClockTime(clock, given);
      const wanted = ids ?? (await resumableIds());
      return claims.withMany(wanted, (id, lease) => starter.resume(id, changes, lease));
    },
    async list(filter) {
      return (await store.list(filter)).records;
    },
    listing: (filter) => store.list(filter),
    async look(id) {
      const record = await store.load(id);
      return record && { id, createdAt: record.createdAt, view: viewOfRecord(record) };
    },
    async history(id, query) {
      // What is read must survive a crash, and must not be older than the view.
      if (running.has(id)) await history.flush();
      return (await store.history?.(id, query)) ?? { entries: [] };
    },
    onStoreChange: (listener) => store.onChange?.(listener) ?? (() => undefined),
    remove: (id) =>
      claims.with(id, async (lease) => {
        const isRemoved = await store.remove(lease);
        leases.forget(lease);
        return isRemoved;
      }),
    async close(handles = []) {
      leases.stopWatching();
      leases.releaseLater();
      await detachAll(handles);
      await claims.close();
      await detachAll([...running.values()]);
      await history.flush();
      await leases.releaseAll();
      stopWarning();
    },
  };
}
