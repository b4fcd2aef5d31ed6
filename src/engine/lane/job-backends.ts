import type { JobInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import { defined } from '../../services/defined.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { inClockTime, logSteps } from '../binding/clock-steps.js';
import { createStoredJobs, type ResumeChanges, resumableJobs } from '../durable/index.js';
import { createJobBinding } from '../job/bind-ports.js';
import { createInFlight } from '../job/in-flight.js';
import type { JobBinding } from '../job/job-binding.js';
import type { JobHandle } from '../job/job-handle.js';
import { runBoundJob } from '../job/run-bound-job.js';
import type { JobLifecycle } from '../job/source/job-view.js';
import type {
  HistoryPage,
  HistoryQuery,
  KeptJob,
  StoredPage,
  StoredPageQuery,
} from '../job/source/lane-source.js';
import { tracedPorts } from '../job/telemetry/traced-ports.js';
import type { Surroundings } from '../job/view/job-watch.js';
import type { JobStore } from '../store/job-store.js';
import { driversOf } from '../store/lease/job-drivers.js';
import type { JobRecord, QueueRank } from '../store/record/job-record.js';
import { DeferredHandle } from './deferred-handle.js';
import type { LaneOptions } from './goal-lane.js';

/** What a lane needs to know of a stored job before it is resumed. */
type StoredJob = Pick<JobRecord, 'id' | 'jobSpecId' | 'state' | 'queue' | 'createdAt'>;

/** Where the jobs of a lane run: in memory only, or also in a store. Each binds its ports once for all jobs. */
export interface JobBackend {
  start(id: string, input: JobInput, queue: QueueRank): JobHandle;
  /** Resumable jobs; without ids: all. */
  resumable(ids: readonly string[] | undefined): Promise<readonly StoredJob[]>;
  resume(id: string, changes: ResumeChanges | undefined): Promise<JobHandle>;
  /** Removes a job from the store. False if there was none. */
  forget(id: string): Promise<boolean>;
  stored(query: StoredPageQuery): Promise<StoredPage>;
  look(id: string): Promise<KeptJob | undefined>;
  history(id: string, query: HistoryQuery | undefined): Promise<HistoryPage>;
  jobSpecIdOf(id: string): Promise<string | undefined>;
  onStoreChange(listener: () => void): () => void;
  /** Detaches all jobs. */
  close(handles: readonly JobHandle[]): Promise<void>;
}

export interface JobBackendOptions
  extends Pick<
    LaneOptions,
    'logger' | 'inspect' | 'uploadsAtOnce' | 'onWarning' | 'apiKey' | 'files' | 'telemetry'
  > {
  readonly outDirOf?: ((jobId: string) => string) | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly surroundings?: Surroundings;
}

/** @param ports called for the first job */
export function memoryBackend(ports: () => JobPorts, options: JobBackendOptions): JobBackend {
  const { clock, random, logger, inspect, uploadsAtOnce, surroundings, telemetry } = options;
  const stopLogging = logSteps(clock, logger);
  let bound: JobBinding | undefined;
  /** Made for the first job: a process may have a thousand lanes, of which most wait for one. */
  const binding = (): JobBinding => {
    bound ??= createJobBinding(tracedPorts(ports(), telemetry, logger), {
      clock,
      random,
      lookAhead: inspect === undefined,
      isShared: true,
      logger,
      ...defined({ uploadsAtOnce }),
    });
    return bound;
  };
  return {
    start(id, input) {
      return runBoundJob({
        binding: binding(),
        inFlight: createInFlight(),
        clock,
        input: inClockTime(clock, input),
        id,
        logger,
        inspect,
        surroundings,
        telemetry,
      });
    },
    resumable: async () => [],
    resume: async (id) => {
      throw new Error(`job ${id} cannot be resumed: the lane has no store`);
    },
    forget: async () => false,
    stored: async () => ({ jobs: [] }),
    look: async () => undefined,
    history: async () => ({ entries: [] }),
    jobSpecIdOf: async () => undefined,
    onStoreChange: () => () => undefined,
    async close(handles) {
      stopLogging();
      await Promise.all(handles.map((handle) => handle.detach()));
    },
  };
}

/** Loads records individually: a host that resumes one job at a time must not read all each time. Missing ones are left out. */
async function named(store: JobStore, ids: readonly string[]): Promise<readonly JobRecord[]> {
  const records = await Promise.all([...new Set(ids)].map((id) => store.load(id)));
  return records.filter((record) => record !== undefined);
}

export function storedBackend(
  store: JobStore,
  options: JobBackendOptions & { readonly ports: JobPorts },
): JobBackend {
  const { clock, surroundings } = options;
  const jobs = createStoredJobs({ ...options, store }, surroundings);
  return {
    start: (id, input, queue) =>
      new DeferredHandle(id, input, { clock, logger: options.logger }, jobs.start(input, { id, queue })),
    async resumable(ids) {
      if (ids !== undefined) return named(store, ids);
      return resumableJobs(store, wallTimeOf(clock));
    },
    resume: (id, changes) => jobs.resume(id, changes),
    forget: (id) => jobs.remove(id),
    async stored(query) {
      const { jobs: found, next } = await store.page(query);
      const leases = await store.leases(found.map(({ id }) => id));
      const drivers = driversOf(leases, wallTimeOf(clock));
      const rows = found.map((job) => ({
        ...job,
        // Boundary: a record's state is always a state of the chart.
        state: job.state as JobLifecycle,
        ...defined({ driver: drivers.get(job.id) }),
      }));
      return { jobs: rows, ...defined({ next }) };
    },
    look: jobs.look,
    history: jobs.history,
    jobSpecIdOf: async (id) => (await store.load(id))?.jobSpecId,
    onStoreChange: jobs.onStoreChange,
    close: (handles) => jobs.close(handles),
  };
}
