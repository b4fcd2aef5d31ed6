import type { JobPorts } from '../../machines/ports.js';

/** Ports dressed in one more concern: it overrides those that it is about, and hands on the rest. */
export type PortsLayer = (inner: JobPorts) => JobPorts;

/** The ports in all their layers; each lies around those before it, so that the last one is asked first. */
export const layered = (base: JobPorts, ...layers: readonly PortsLayer[]): JobPorts =>
  layers.reduce((ports, layer) => layer(ports), base);
