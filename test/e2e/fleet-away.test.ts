import { describe, expect, it } from 'vitest';
import { breaches, createsOf, finish, KEYS, openSite, startTrial, type Trial } from './fleet/campaign.js';

/** How long each is away: seconds here, five minutes in `npm run test:soak`. */
const AWAY_MS = process.env.GOAL_LANE_FLEET_KILLS === undefined ? 4_000 : 300_000;
const JOBS = 8;
const MINUTE_MS = 60_000;

describe('a fleet whose engine, and then whose workers, are away, with clocks a minute apart', () => {
  it(
    `continues every job after ${AWAY_MS / 1_000} s of each`,
    async () => {
      const site = await openSite({ speed: 3, againMs: AWAY_MS, clockOffsets: [0, MINUTE_MS] });
      try {
        const { fleet, workers } = site;
        const trials: Trial[] = [];
        for (let index = 0; index < JOBS; index += 1)
          trials.push(await startTrial(site, KEYS[index % KEYS.length] ?? 'one'));
        const confirms = (): number =>
          fleet.emulator.log.filter(({ effect }) => effect?.type === 'confirmed').length;
        await expect.poll(confirms, { timeout: 20_000 }).toBeGreaterThan(JOBS / 2);

        await fleet.engine.kill();
        await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
        await fleet.engine.restart();

        // Each comes back by itself when its time is over.
        workers.killAll();
        await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
        const ends = await Promise.all(trials.map((trial) => finish(site, trial)));
        expect(ends.filter(({ status }) => status !== 'completed')).toEqual([]);
        expect(trials.filter((trial) => createsOf(fleet.emulator.log, trial).length !== 1)).toEqual([]);
        expect(await breaches(site)).toEqual({ tooSoon: 0, underShutLimit: 0, secrets: 0, keyAtStorage: 0 });
      } finally {
        await site.close();
      }
    },
    120_000 + 4 * AWAY_MS,
  );
});
