import type { RateBudget } from '../../../services/limits/rate-budget.js';
import type { Clock } from '../../binding/clock.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import { createPollScheduler } from './forecast/poll-scheduler.js';
import { createLaneBudget } from './lane-budget.js';
import { createPollGovernor } from './poll-governor.js';
import { createPoller } from './poller.js';
import { readTurns } from './read-turns-layer.js';

/** One budget of status reads for several jobs outside a lane. */
export interface SharedPolling {
  /** For the client that sends the reads. */
  readonly budget: RateBudget;
  /** For the ports of all the jobs. */
  readonly readTurns: PortsLayer;
}

/** @param random in [0, 1), for jitter */
export function createSharedPolling(clock: Clock, random: () => number): SharedPolling {
  const governor = createPollGovernor({ random });
  const poller = createPoller({ clock, governor, scheduler: createPollScheduler({ order: 'index' }) });
  const budget = createLaneBudget({
    governor,
    onLimitLearned({ endpoint }) {
      if (endpoint === 'status') poller.wake();
    },
  });
  return {
    budget,
    readTurns: readTurns(poller),
  };
}
