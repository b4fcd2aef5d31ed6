import { asFailure } from '../../binding/as-failure.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import type { Poller } from './poller.js';

/**
 * The status is read when it is the job's turn among all that share the poller, which is told what it learns from. What a person waits
 * for (slots, confirm, download) passes straight through: it never stands behind a read.
 * @param workflowOf undefined for a job of which the start is not known
 */
export const readTurns =
  (poller: Poller, workflowOf: (jobId: string) => string | undefined = () => undefined): PortsLayer =>
  (inner) => ({
    ...inner,
    async confirmJob(input, options) {
      const echo = await inner.confirmJob(input, options);
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
        const reading = await inner.getStatus(input, options);
        poller.observe(jobId, reading);
        return reading;
      } catch (error) {
        const { kind, status } = asFailure(error);
        poller.failed(jobId, !(kind === 'rate-limited' && status === undefined));
        throw error;
      }
    },
  });
