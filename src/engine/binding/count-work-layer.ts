import type { Clock } from './clock.js';
import { eachPort, WORK_PORTS } from './each-port.js';
import type { PortsLayer } from './ports-layer.js';

/**
 * Reports each port call in flight to a virtual clock, except turns and waits, which are waits for the clock itself. This layer
 * is directly above the ports that do the work, because in outer layers jobs wait for each other.
 */
export function countWork(clock: Clock | undefined): PortsLayer {
  const work = clock?.work;
  if (work === undefined) return (ports) => ports;
  return (ports) =>
    eachPort(
      ports,
      WORK_PORTS,
      (call, name) =>
        (...given) =>
          work.run(name, () => call(...given)),
    );
}
