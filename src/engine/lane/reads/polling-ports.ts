import type { JobPorts } from '../../../machines/ports.js';
import { asFailure } from '../../binding/as-failure.js';
import type { Poller } from './poller.js';

type PollingPorts = Pick<JobPorts, 'confirmJob' | 'pollTurn' | 'getStatus'>;

/** Ports that read the status when it is the job's turn among all that share the poller, and tell the poller what it learns from. */
export function pollingPorts(
  ports: PollingPorts,
  poller: Poller,
  workflowOf: (jobId: string) => string | undefined,
): PollingPorts {
  return {
    async confirmJob(input, options) {
      const echo = await ports.confirmJob(input, options);
      poller.began(options.jobId);
      return echo;
    },
    pollTurn({ notBefore }, { signal, jobId }) {
      const workflowId = workflowOf(jobId);
      return poller.turn({ jobId, notBefore, ...(workflowId === undefined ? {} : { workflowId }) }, signal);
    },
    async getStatus(input, options) {
      const { jobId } = options;
      try {
        const reading = await ports.getStatus(input, options);
        poller.observe(jobId, reading);
        return reading;
      } catch (error) {
        const { kind, status } = asFailure(error);
        poller.failed(jobId, !(kind === 'rate-limited' && status === undefined));
        throw error;
      }
    },
  };
}
