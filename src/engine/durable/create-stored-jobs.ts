import { COUNT, checkNumbers, TIME_SPAN, TIME_SPAN_OR_NONE } from '../../services/check-numbers.js';
import { checkParts } from '../../services/check-parts.js';
import { wallTimeOf } from '../binding/clock.js';
import { inClockTime } from '../binding/clock-steps.js';
import { checkJobInput, checkOwnId } from '../job/check-job-input.js';
import { checkJobOptions } from '../job/check-job-options.js';
import type { Surroundings } from '../job/view/job-watch.js';
import { type Claims, createClaims } from './claims.js';
import type { RecordedJob } from './recorded-job.js';
import { detachAll, resumableJobs } from './resumable-jobs.js';
import type { StoredJobHandle } from './stored-handle.js';
import type { StoredJobs, StoredJobsOptions } from './stored-jobs.js';
import { viewOfRecord } from './view-of-record.js';
import { wireStoredJobs } from './wire-stored-jobs.js';

/** @internal The stored jobs of a lane. */
export interface LaneStoredJobs extends StoredJobs {
  /** @param handles of the lane: detached first, also those whose jobs are still being stored */
  close(handles?: readonly Pick<StoredJobHandle, 'detach'>[]): Promise<void>;
}

type Wired = ReturnType<typeof wireStoredJobs>;

/** Starts and resumes. Deadlines are converted to our clock at once, because it does not move when the wall clock is set. */
function startsOf(
  { store, starter, clock }: Wired,
  claims: Claims,
  running: ReadonlyMap<string, RecordedJob>,
): Pick<StoredJobs, 'start' | 'resume' | 'resumeAll'> {
  const resumableIds = async (): Promise<readonly string[]> =>
    (await resumableJobs(store, wallTimeOf(clock))).map(({ id }) => id).filter((id) => !running.has(id));
  return {
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
  };
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
  const wired = wireStoredJobs(options, running, surroundings);
  const { store, leases, history, stopWarning } = wired;
  const claims = createClaims(leases, running);
  return {
    ...startsOf(wired, claims, running),
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
