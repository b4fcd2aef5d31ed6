import type { Failure } from '../../services/failure.js';

/** Whether the server was asked for a result that it does not keep any more: 24 h after completion (Step 8). */
export const isResultGone = ({ kind, path }: Failure): boolean =>
  (kind === 'gone' || kind === 'not-found') && path !== undefined && /\/download$/.test(path);

/** The same failure, as people understand it. */
export const toldAsGone = (failure: Failure): Failure => ({
  ...failure,
  message: `the result's retention has ended, 24 h after the job completed (${failure.message})`,
  advice: 'Run the job again as a new one, with the same input.',
});
