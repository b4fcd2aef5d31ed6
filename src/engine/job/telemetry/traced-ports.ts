import type { JobPorts, PortOptions } from '../../../machines/ports.js';
import { guardedCall } from '../../../services/guarded-call.js';
import { stackOf } from '../../binding/as-failure.js';
import { type AnyPort, eachPort, PORTS } from '../../binding/each-port.js';
import type { JobLogger } from '../job-logger.js';
import type { JobTelemetry } from './job-telemetry.js';

/** The reason for which a call has failed, in an array; empty if it has not. */
const reasonsOf = (call: Promise<unknown>): Promise<readonly unknown[]> =>
  call.then(
    () => [],
    (reason: unknown) => [reason],
  );

/**
 * Makes each call exactly once (law 1, never twice), even if the layer throws before it has made the call, or after.
 * @param report called with each error that is the layer's own
 */
function guarded(call: AnyPort, report: (error: unknown) => void) {
  const known = new WeakMap<PortOptions, AnyPort>();
  let strays = 0;
  const below: AnyPort = (input, options) => {
    const once = known.get(options);
    if (once === undefined) strays += 1;
    return (once ?? call)(input, options);
  };
  const above =
    (wrapped: AnyPort): AnyPort =>
    async (input, options) => {
      // A copy identifies this call below the layer.
      const [own, straysBefore] = [{ ...options }, strays];
      let made: Promise<unknown> | undefined;
      const once: AnyPort = (...given) => {
        made ??= (async () => call(...given))();
        return made;
      };
      known.set(own, once);
      try {
        return await wrapped(input, own);
      } catch (error) {
        // A layer that passes on other options: it is unknown whether it has made this call.
        if (made === undefined && strays !== straysBefore) throw error;
        const result = once(input, options);
        if (!(await reasonsOf(result)).includes(error)) report(error);
        return result;
      }
    };
  return { below, above };
}

/**
 * Wraps the ports, so that their calls run within the trace of their job. If the telemetry throws, the calls run without it, and
 * it is logged once.
 */
export function tracedPorts(
  ports: JobPorts,
  telemetry: JobTelemetry | undefined,
  logger: JobLogger | undefined,
): JobPorts {
  if (telemetry === undefined) return ports;
  let isReported = false;
  const report = (error: unknown): void => {
    if (isReported) return;
    isReported = true;
    guardedCall(
      () => logger?.error({ function: 'telemetry', stack: stackOf(error) }, 'telemetry threw'),
      () => undefined,
    );
  };
  const guards = new Map<keyof JobPorts, ReturnType<typeof guarded>>();
  const below = eachPort(ports, PORTS, (call, name) => {
    const guard = guarded(call, report);
    guards.set(name, guard);
    return guard.below;
  });
  try {
    const layer = telemetry.layer(below);
    return eachPort(layer, PORTS, (wrapped, name) => guards.get(name)?.above(wrapped) ?? wrapped);
  } catch (error) {
    report(error);
    return ports;
  }
}
