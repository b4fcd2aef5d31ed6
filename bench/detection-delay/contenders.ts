import type { WorkflowHistory } from '../../src/engine/lane/reads/forecast/workflow-history.js';
import { createLaneClient, createLoopClient, type LaneKnowledge } from './policies.js';
import type { Random } from './random.js';
import type { SimClient } from './simulate.js';

export interface Plan {
  readonly name: string;
  readonly readsPerMinute: number;
  readonly concurrency: number;
}

/** API reference, Rate Limits. */
export const PLANS: readonly Plan[] = [
  { name: 'Free', readsPerMinute: 60, concurrency: 5 },
  { name: 'Pro', readsPerMinute: 300, concurrency: 20 },
  { name: 'Business', readsPerMinute: 1_000, concurrency: 100 },
];

export interface Contender {
  readonly name: string;
  readonly processes: number;
  /** Runs once before the measured run, to learn. */
  readonly rehearses: boolean;
  readonly isOurs: boolean;
  create(random: Random, history: Map<string, WorkflowHistory>): SimClient;
}

const lane = (
  name: string,
  processes: number,
  rehearses: boolean,
  use: 'learn' | 'ignore',
  order?: 'round-robin',
) =>
  ({
    name,
    processes,
    rehearses,
    isOurs: true,
    create: (random, history) => {
      const knowledge: LaneKnowledge = {
        ...(use === 'learn' ? { history } : {}),
        ...(order === undefined ? {} : { order }),
      };
      return createLaneClient(random, knowledge);
    },
  }) satisfies Contender;

const loop = (name: string, on429: 'reset' | 'backoff'): Contender => ({
  name,
  processes: 1,
  rehearses: false,
  isOurs: false,
  create: (random) => createLoopClient(random, on429),
});

export const LEARNED = 'lane, history learned';
export const ROUND_ROBIN = 'lane, round robin';
export const FOUR = 'lane, 4 processes that do not talk';

/** Every contender follows the same jobs of the same seed. */
export const CONTENDERS: readonly Contender[] = [
  loop('2 s loop, waits for the reset', 'reset'),
  loop('2 s loop, axios-retry backoff', 'backoff'),
  lane(ROUND_ROBIN, 1, false, 'ignore', 'round-robin'),
  lane('lane, nothing learned', 1, false, 'ignore'),
  lane('lane, first day', 1, false, 'learn'),
  lane(LEARNED, 1, true, 'learn'),
  lane(FOUR, 4, true, 'learn'),
];
