import type { PortsLayer } from '../../binding/ports-layer.js';

/** Delays starts until the stored knowledge of the lane is loaded: the queue, and the used creations. */
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
