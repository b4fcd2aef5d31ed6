import type { JobPorts } from '../../machines/ports.js';
import type { Failure } from '../../services/failure.js';
import { asFailure } from '../binding/as-failure.js';
import type { QueuePlace } from '../store/record/job-record.js';
import type { CatalogCache } from './catalog-cache.js';
import type { Poller } from './reads/poller.js';
import { pollingPorts } from './reads/polling-ports.js';
import type { Starter } from './starts/starter.js';

/** What the ports ask of the lane about the job that calls. */
export interface LaneJobFacts extends QueuePlace {
  /** Undefined for a job that this lane did not see from its start. */
  readonly workflowId: string | undefined;
}

export interface LanePortsOptions {
  readonly ports: JobPorts;
  readonly catalog: CatalogCache;
  readonly starter: Starter;
  readonly poller: Poller;
  readonly factsOf: (jobId: string) => LaneJobFacts | undefined;
  /** Resolves when what the store knows of the lane is there. */
  readonly ready: Promise<void>;
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed']);

const isRefusedAtOnce = (failure: Failure): boolean =>
  failure.kind === 'rate-limited' && failure.limit === 'concurrency' && failure.status !== undefined;

/**
 * The ports of one job, as all jobs of a lane share them: they queue for their start, take turns at reading, and tell the lane what it learns
 * from. What a person waits for (slots, confirm, download) passes straight through: it never stands behind a read.
 */
export function lanePorts(options: LanePortsOptions): JobPorts {
  const { ports, catalog, starter, poller, factsOf, ready } = options;
  return {
    ...ports,
    loadCatalog: catalog.load,
    ...startingPorts(ports, starter, factsOf, ready),
    ...readingPorts(ports, starter, poller, factsOf),
  };
}

function startingPorts(
  ports: JobPorts,
  starter: Starter,
  factsOf: LanePortsOptions['factsOf'],
  ready: Promise<void>,
): Pick<JobPorts, 'startTurn' | 'createJob'> {
  return {
    async startTurn(_, { signal, jobId }) {
      await ready;
      const { priority = 0, order = 0 } = factsOf(jobId) ?? {};
      return starter.turn({ jobId, priority, order }, signal);
    },
    async createJob(input, options) {
      await ready;
      return starter.create(options.jobId, async () => {
        options.signal.throwIfAborted();
        try {
          const job = await ports.createJob(input, options);
          starter.created(options.jobId);
          return job;
        } catch (error) {
          if (isRefusedAtOnce(asFailure(error))) starter.refused();
          throw error;
        }
      });
    },
  };
}

function readingPorts(
  ports: JobPorts,
  starter: Starter,
  poller: Poller,
  factsOf: LanePortsOptions['factsOf'],
): Pick<JobPorts, 'getJob' | 'confirmJob' | 'pollTurn' | 'getStatus'> {
  const polling = pollingPorts(ports, poller, (jobId) => factsOf(jobId)?.workflowId);
  const follow = (jobId: string, status: string): void =>
    ENDED.has(status) ? starter.release(jobId) : starter.created(jobId);
  return {
    async getJob(input, options) {
      const job = await ports.getJob(input, options);
      follow(options.jobId, job.status);
      return job;
    },
    pollTurn: polling.pollTurn,
    async confirmJob(input, options) {
      const refusal = starter.confirmRefusal();
      if (refusal !== undefined) throw refusal;
      try {
        const echo = await polling.confirmJob(input, options);
        starter.confirmed();
        return echo;
      } catch (error) {
        if (isRefusedAtOnce(asFailure(error))) starter.confirmRefused();
        throw error;
      }
    },
    async getStatus(input, options) {
      const reading = await polling.getStatus(input, options);
      follow(options.jobId, reading.status);
      return reading;
    },
  };
}
