import { describe, expect, it } from 'vitest';
import { keyLabel } from '../../../src/adapters/node/key-label.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { DEFAULT_BASE_URL } from '../../../src/services/check-options.js';
import { createSteppingClock } from '../../support/stepping-clock.js';
import { job, type LaneScene, laneScene, plainWorkflow, settle, statuses } from './lane-scene.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const refused = ({ model }: LaneScene): number =>
  model.log.filter(({ status, rate, tooSoon }) => status === 429 || rate?.knownShut || tooSoon).length;

/** The longest time (ms) in which the lane read no status at all. */
function longestSilence({ model }: LaneScene): number {
  const reads = model.log.filter(({ endpoint }) => endpoint === 'status').map(({ at }) => at);
  return Math.max(...reads.slice(1).map((at, index) => at - (reads[index] ?? at)));
}

describe('a lane whose wall clock is set', () => {
  it.each([
    ['back by an hour', -HOUR_MS],
    ['forward by an hour', HOUR_MS],
    ['back by 20 s', -20_000],
    ['forward by two days', 2 * DAY_MS],
  ])('%s, again and again, continues at its pace and under its limits', async (_, byMs) => {
    for (const limiter of ['fixed', 'sliding', 'bucket'] as const) {
      const scene = laneScene({ plan: 'free', limiter, workflows: [plainWorkflow('wf', 240_000)] });
      const clock = createSteppingClock(scene.clock);
      const lane = scene.lane({ clock, plan: 'free' });
      const ended = Promise.all([1, 2, 3].map(() => lane.start(job).result()));
      for (let step = 0; step < 6; step += 1) {
        await scene.clock.advance(31_000);
        clock.set(byMs);
      }
      expect(statuses(await settle(scene, ended))).toEqual(['completed']);
      expect(refused(scene)).toBe(0);
      expect(longestSilence(scene)).toBeLessThan(15_000);
      await settle(scene, lane.close());
    }
  });

  it('shows its times by the wall clock', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 60_000)] });
    const clock = createSteppingClock(scene.clock);
    const lane = scene.lane({ clock });
    lane.start(job);
    await scene.clock.advance(20_000);
    clock.set(-HOUR_MS);
    const shut = lane.budget();
    for (const at of [shut.statusReads.resetAt, shut.endpoints.status?.resetAt])
      expect(Math.abs((at ?? 0) - clock.wall())).toBeLessThanOrEqual(62_000);
    await settle(scene, lane.close());
  });
});

describe('the creations of the day', () => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['three days ahead', 3 * DAY_MS],
    ['right', 0],
  ])(
    'spent by a lane whose clock was %s come back to the next one when they come back',
    async (_, aheadMs) => {
      const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
      const store = createMemoryStore();
      const before = scene.lane({
        store,
        plan: 'free',
        clock: createSteppingClock(scene.clock, { aheadMs }),
      });
      for (let at = 0; at < 11; at += 1) before.start({ ...job, id: `j${at}` });
      await scene.clock.advance(180_000);
      await settle(scene, before.close());
      expect(scene.count('create')).toBe(10);

      const after = scene.lane({ store, plan: 'free', clock: createSteppingClock(scene.clock) });
      await settle(scene, after.resume());
      await settle(scene, after.close({ drain: true }));
      expect(scene.count('create')).toBe(11);
      const midnight = Date.UTC(2026, 2, 31);
      const last = scene.model.log.findLast(({ endpoint }) => endpoint === 'create')?.at ?? 0;
      expect(last).toBeGreaterThanOrEqual(midnight);
      // By how much its clock was ahead is known but for the time since it last had something to store.
      expect(last - midnight).toBeLessThan(aheadMs === 0 ? 10_000 : 190_000);
      expect(refused(scene)).toBe(0);
    },
  );

  it('that are said to be spent for a year are believed for two days', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
    const store = createMemoryStore();
    const now = scene.clock.now();
    const create = { remaining: 0, resetAt: now + 365 * DAY_MS, shutUntil: now + 365 * DAY_MS };
    const label = keyLabel(scene.model.apiKey, DEFAULT_BASE_URL);
    await store.saveLane(label, { budget: { create }, queueOrder: [], updatedAt: now - 1 });
    const lane = scene.lane({ store, plan: 'free' });
    const output = await settle(scene, lane.start(job).result());
    expect(output.status).toBe('completed');
    expect(scene.clock.now() - now).toBeLessThan(2 * DAY_MS + 60_000);
    await settle(scene, lane.close());
  });
});
