import type { RateBudget } from '../../../services/limits/rate-budget.js';
import type { Clock } from '../../binding/clock.js';
import type { PortsLayer } from '../../binding/ports-layer.js';

/** For reads that our client does not send: their replies have no headers, but the governor must count them. */
export const countReplies =
  (budget: RateBudget, clock: Clock): PortsLayer =>
  (inner) => ({
    ...inner,
    async getStatus(input, options) {
      const sentAt = clock.now();
      try {
        const reading = await inner.getStatus(input, options);
        budget.observe({ endpoint: 'status', sentAt, receivedAt: clock.now(), status: 200 });
        return reading;
      } catch (error) {
        budget.onLost?.('status', clock.now());
        throw error;
      }
    },
  });
