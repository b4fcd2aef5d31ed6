import type { AxiosAdapter } from 'axios';
import { describe, expect, it } from 'vitest';
import { createEmulatorAdapter } from '../../../src/adapters/emulator/index.js';
import { job, laneScene, plainWorkflow, settle, statuses } from './lane-scene.js';

type Headers = Readonly<Record<string, string | undefined>>;

/** A server whose rate headers say what they like. */
function lying(inner: AxiosAdapter, lie: (turn: number) => Headers): AxiosAdapter {
  let turn = 0;
  return async (config) => {
    const response = await inner(config);
    turn += 1;
    for (const [name, value] of Object.entries(lie(turn))) {
      if (value === undefined) delete response.headers[name];
      else response.headers[name] = value;
    }
    return response;
  };
}

const REMAINING = 'x-ratelimit-remaining';
const RESET = 'x-ratelimit-reset';
const LIES: Readonly<Record<string, (turn: number) => Headers>> = {
  'no headers at all': () => ({ [REMAINING]: undefined, [RESET]: undefined }),
  'a reset years ahead': () => ({ [RESET]: '99999999999' }),
  'a reset long ago': () => ({ [RESET]: '1000000000' }),
  'words for numbers': () => ({ [REMAINING]: 'NaN', [RESET]: 'soon' }),
  'negative numbers': () => ({ [REMAINING]: '-1', [RESET]: '-30' }),
  'infinite numbers': () => ({ [REMAINING]: 'Infinity', [RESET]: '1e400' }),
  'more than can be': () => ({ [REMAINING]: '1e15', [RESET]: '0' }),
  'nothing left, ever, until just now': () => ({ [REMAINING]: '0', [RESET]: '0' }),
  'another thing each time': (turn) => ({
    [REMAINING]: ['-1', '0', '1e9', 'x', '3'][turn % 5],
    [RESET]: ['-1', '99999999999', '0', 'x', '1000000000'][turn % 5],
  }),
};

describe('rate headers that lie', () => {
  it.each(Object.keys(LIES))('%s: neither stall the lane nor make it spin', async (name) => {
    const scene = laneScene({ plan: 'pro', workflows: [plainWorkflow('wf', 30_000)] });
    const adapter = lying(
      createEmulatorAdapter(scene.model, { clock: scene.clock, latencyMs: 80 }),
      (turn) => LIES[name]?.(turn) ?? {},
    );
    const lane = scene.lane({ adapter });
    const start = scene.clock.now();
    const work = Promise.all(Array.from({ length: 5 }, () => lane.start(job).result()));
    expect(statuses(await settle(scene, work))).toEqual(['completed']);
    expect(scene.clock.now() - start).toBeLessThan(30 * 60_000);
    expect(scene.count('status')).toBeLessThan(5 * 20);
    expect(scene.refusals()).toEqual([]);
    expect(scene.model.log.filter(({ tooSoon }) => tooSoon)).toEqual([]);
  });
});
