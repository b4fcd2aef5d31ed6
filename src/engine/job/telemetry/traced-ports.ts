import type { JobPorts, PortOptions } from '../../../machines/ports.js';
import { guardedCall } from '../../../services/guarded-call.js';
import { stackOf } from '../../binding/as-failure.js';
import type { JobLogger } from '../job-logger.js';
import type { JobTelemetry } from './job-telemetry.js';

type Call = (input: object, options: PortOptions) => Promise<unknown>;
type Calls = Record<keyof JobPorts, Call>;

const NAMES: readonly (keyof JobPorts)[] = [
  ...(['loadCatalog', 'inspectFiles', 'uploadFile', 'createJob', 'getJob', 'fillSlots'] as const),
  ...(['confirmJob', 'getStatus', 'getDownload', 'saveResult'] as const),
  ...(['startTurn', 'waitUntil', 'pollTurn'] as const),
];

// Boundary: a call is guarded in the same way whatever its port takes and returns, and each keeps its name.
const callsOf = (ports: JobPorts): Calls => ports as unknown as Calls;
// Boundary: the calls of ports, under the names of their ports.
const portsOf = (calls: Partial<Calls>): JobPorts => calls as unknown as JobPorts;

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
function guarded(call: Call, wrapped: Call, report: (error: unknown) => void) {
  const known = new WeakMap<PortOptions, Call>();
  let strays = 0;
  const below: Call = (input, options) => {
    const once = known.get(options);
    if (once === undefined) strays += 1;
    return (once ?? call)(input, options);
  };
  const above: Call = async (input, options) => {
    // A copy identifies this call below the layer.
    const [own, straysBefore] = [{ ...options }, strays];
    let made: Promise<unknown> | undefined;
    const once: Call = (...given) => {
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
  const calls = callsOf(ports);
  let layer = calls;
  const below: Partial<Calls> = { ...calls };
  const above: Partial<Calls> = { ...calls };
  for (const name of NAMES) {
    const sides = guarded(
      (...given) => calls[name](...given),
      (...given) => layer[name](...given),
      report,
    );
    below[name] = sides.below;
    above[name] = sides.above;
  }
  try {
    layer = callsOf(telemetry.layer(portsOf(below)));
    return portsOf(above);
  } catch (error) {
    report(error);
    return ports;
  }
}
