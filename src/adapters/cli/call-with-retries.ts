import { systemClock, waitUntil } from '../../engine/binding/clock.js';
import { afterFailure, DEFAULT_RETRY, judge, type Setback } from '../../machines/failure/retry-policy.js';
import { isGoalLaneError } from '../../services/errors/goal-lane-error.js';

export interface RetryingCall {
  readonly signal: AbortSignal;
  readonly onWait: (setback: Setback) => void;
}

/** One call outside a job, with the same retry policy as inside. Rejects with the last error. */
export async function callWithRetries<Value>(
  call: () => Promise<Value>,
  { signal, onWait }: RetryingCall,
): Promise<Value> {
  let setback: Setback | undefined;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isGoalLaneError(error) || signal.aborted) throw error;
      setback = afterFailure(DEFAULT_RETRY, setback, error.toJSON(), systemClock.now(), Math.random());
      const decision = judge(DEFAULT_RETRY, setback, 'before-job');
      if (decision !== 'backOff' && decision !== 'rateLimited') throw error;
      onWait(setback);
      await waitUntil(systemClock, setback.until, signal);
    }
  }
}
