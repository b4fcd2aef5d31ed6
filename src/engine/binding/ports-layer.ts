import type { JobPorts } from '../../machines/ports.js';

/** Adds one concern to ports: overrides those it is about, and passes on the rest. */
export type PortsLayer = (inner: JobPorts) => JobPorts;

/** Applies layers to the ports. Each wraps those before it, so the last one is called first. */
export const layered = (base: JobPorts, ...layers: readonly PortsLayer[]): JobPorts =>
  layers.reduce((ports, layer) => layer(ports), base);
