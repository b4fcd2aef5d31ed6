import type { JobPorts } from '../../../machines/ports.js';
import { CallerOptions } from '../../../services/caller-signal.js';
import { asFailure } from '../../binding/as-failure.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import { type KeptContext, type TurnWaits, waitsBy } from '../../binding/turn-waiter.js';
import type { Poller, TurnRequest } from './poller.js';

/**
 * Reads the status only in the job's turn among all that share the poller, and reports the results to the poller. Calls that a
 * person waits for (slots, confirm, download) pass straight through and never queue behind a read.
 * @param workflowOf undefined if the start of a job is unknown
 * @param keepContext how this platform keeps an asynchronous context other than by promises
 */
export function readTurns(
  poller: Poller,
  workflowOf: (jobId: string) => string | undefined = () => undefined,
  keepContext?: () => KeptContext,
): PortsLayer {
  const requestOf = (jobId: string, notBefore: number): TurnRequest => {
    const workflowId = poller.knows(jobId) ? undefined : workflowOf(jobId);
    return workflowId === undefined ? { jobId, notBefore } : { jobId, notBefore, workflowId };
  };
  const byPromise: JobPorts['pollTurn'] = ({ notBefore }, options) =>
    poller.turn(requestOf(options.jobId, notBefore), CallerOptions.signalOf(options));
  const wait: TurnWaits['wait'] = ({ notBefore }, options, waiter) =>
    poller.wait(requestOf(options.jobId, notBefore), CallerOptions.signalOf(options), waiter);
  const pollTurn = keepContext === undefined ? byPromise : waitsBy(byPromise, { wait, keepContext });
  return (inner) => ({
    ...inner,
    async confirmJob(input, options) {
      const echo = await inner.confirmJob(input, options);
      poller.began(options.jobId);
      return echo;
    },
    pollTurn,
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
}
