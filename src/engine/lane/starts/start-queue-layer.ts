import type { Failure } from '../../../services/failure.js';
import { asFailure } from '../../binding/as-failure.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import type { QueueRank } from '../../store/record/job-record.js';
import type { Admission } from './admission.js';

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed']);

const isRefusedAtOnce = (failure: Failure): boolean =>
  failure.kind === 'rate-limited' && failure.limit === 'concurrency' && failure.status !== undefined;

/** Queues jobs for their start, and reports to the admission which jobs have a place and which gave it back. */
export function startQueue(
  admission: Admission,
  rankOf: (jobId: string) => QueueRank | undefined,
): PortsLayer {
  const follow = (jobId: string, status: string): void =>
    ENDED.has(status) ? admission.release(jobId) : admission.created(jobId);
  return (inner) => ({
    ...inner,
    startTurn(_, { signal, jobId }) {
      const { priority = 0, order = 0 } = rankOf(jobId) ?? {};
      return admission.turn({ jobId, priority, order }, signal);
    },
    createJob: (input, options) =>
      admission.create(options.jobId, async () => {
        options.signal.throwIfAborted();
        try {
          const job = await inner.createJob(input, options);
          admission.created(options.jobId);
          return job;
        } catch (error) {
          if (isRefusedAtOnce(asFailure(error))) admission.refused();
          throw error;
        }
      }),
    async getJob(input, options) {
      const job = await inner.getJob(input, options);
      follow(options.jobId, job.status);
      return job;
    },
    async confirmJob(input, options) {
      const refusal = admission.confirmRefusal();
      if (refusal !== undefined) throw refusal;
      try {
        const echo = await inner.confirmJob(input, options);
        admission.confirmed();
        return echo;
      } catch (error) {
        if (isRefusedAtOnce(asFailure(error))) admission.confirmRefused();
        throw error;
      }
    },
    async getStatus(input, options) {
      const reading = await inner.getStatus(input, options);
      follow(options.jobId, reading.status);
      return reading;
    },
  });
}
