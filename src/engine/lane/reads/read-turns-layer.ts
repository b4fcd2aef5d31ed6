import { CallerOptions } from '../../../services/caller-signal.js';
import { asFailure } from '../../binding/as-failure.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import type { Poller } from './poller.js';

/**
 * Reads the status only in the job's turn among all that share the poller, and reports the results to the poller. Calls that a
 * person waits for (slots, confirm, download) pass straight through and never queue behind a read.
 * @param workflowOf undefined if the start of a job is unknown
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
    pollTurn({ notBefore }, options) {
      const { jobId } = options;
      const signal = CallerOptions.signalOf(options);
      if (poller.knows(jobId)) return poller.turn({ jobId, notBefore }, signal);
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
