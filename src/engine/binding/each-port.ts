import type { JobPorts, PortOptions } from '../../machines/ports.js';

/** Any port: what it takes and resolves with does not matter to a layer that treats all alike. */
export type AnyPort = (input: object, options: PortOptions) => Promise<unknown>;

/** The ports that do work: calls of the API, and files. */
export const WORK_PORTS = [
  ...(['loadCatalog', 'inspectFiles', 'uploadFile', 'createJob', 'getJob', 'fillSlots'] as const),
  ...(['confirmJob', 'getStatus', 'getDownload', 'saveResult'] as const),
] satisfies readonly (keyof JobPorts)[];

/** Those, and the ports that wait. */
export const PORTS = [
  ...WORK_PORTS,
  ...(['startTurn', 'waitUntil', 'pollTurn'] as const),
] satisfies readonly (keyof JobPorts)[];

/**
 * The ports, of which the named are each wrapped in the same way. A port is looked up when it is called, so that a missing one
 * fails like one that throws.
 */
export function eachPort(
  ports: JobPorts,
  names: readonly (keyof JobPorts)[],
  wrap: (call: AnyPort, name: keyof JobPorts) => AnyPort,
): JobPorts {
  // Boundary: each call goes to the port of its own name, so that its input is of that port.
  const called = ports as Readonly<Record<keyof JobPorts, AnyPort>>;
  const wrapped = names.map((name) => [name, wrap((...given) => called[name](...given), name)] as const);
  return { ...ports, ...Object.fromEntries(wrapped) };
}
