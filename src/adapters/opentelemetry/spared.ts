import { diag } from '@opentelemetry/api';
import { guardedCall } from '../../services/guarded-call.js';

/**
 * Calls an SDK of the host. If it throws, its part is left out, and OpenTelemetry's own logger (`diag.setLogger`) logs it: a host
 * without telemetry still runs its jobs.
 */
export function spared<Value>(what: string, call: () => Value): Value | undefined {
  try {
    return call();
  } catch (error) {
    guardedCall(
      () => diag.error(`goal-lane: ${what} threw, and is left out`, error),
      () => undefined,
    );
    return undefined;
  }
}
