import type { PortsLayer } from '../../binding/ports-layer.js';

/** Nobody starts before what the store knows of the lane is there: the queue before, and the creations that are spent. */
export const afterLoading =
  (ready: Promise<void>): PortsLayer =>
  (inner) => ({
    ...inner,
    async startTurn(input, options) {
      await ready;
      return inner.startTurn(input, options);
    },
    async createJob(input, options) {
      await ready;
      return inner.createJob(input, options);
    },
  });
