import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  breaches,
  createsOf,
  finish,
  KEYS,
  openSite,
  type Site,
  seeded,
  startTrial,
  type Trial,
} from './fleet/campaign.js';

/** SIGKILLs at random instants: one process of the workers (which may be the reader), all of them, or the engine. */
const KILLS = Number(process.env.GOAL_LANE_FLEET_KILLS ?? 40);
const SEED = Number(process.env.GOAL_LANE_SEED ?? 20261128);
/** Real ms between two kills. A new reader reads nothing for 2 s: with less there would be kills and no jobs. */
const [LEAST_MS, WITHIN_MS] = [100, 1_600];
const JOBS_AT_ONCE = 16;
const MINUTE_MS = 60_000;

describe('a fleet under SIGKILL', () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ speed: 6, clockOffsets: [0, MINUTE_MS] });
  }, 60_000);
  afterAll(() => site.close());

  it(
    `creates nothing twice, reads nothing early and loses nothing over ${KILLS} kills (seed ${SEED})`,
    async () => {
      const random = seeded(SEED);
      const { fleet, workers } = site;
      const trials: Trial[] = [];
      const ends: { readonly status: string; readonly decisions: number }[] = [];
      let isOver = false;
      const lane = async (index: number): Promise<void> => {
        while (!isOver) {
          const trial = await startTrial(site, KEYS[index % KEYS.length] ?? 'one');
          trials.push(trial);
          ends.push(await finish(site, trial));
        }
      };
      const lanes = Array.from({ length: JOBS_AT_ONCE }, (_, index) => lane(index));
      const kills = { one: 0, all: 0, engine: 0 };
      while (kills.one + kills.all + kills.engine < KILLS) {
        await new Promise((resolve) => setTimeout(resolve, LEAST_MS + random() * WITHIN_MS));
        const draw = random();
        if (draw < 0.6) {
          if (workers.kill(draw < 0.3 ? 0 : 1)) kills.one += 1;
        } else if (draw < 0.75) {
          workers.killAll();
          kills.all += 1;
        } else {
          await fleet.engine.kill();
          await fleet.engine.restart();
          kills.engine += 1;
        }
      }
      isOver = true;
      await Promise.all(lanes);

      const created = trials.map((trial) => createsOf(fleet.emulator.log, trial).length);
      const told = {
        seed: SEED,
        kills,
        jobs: trials.length,
        decisions: ends.reduce((n, end) => n + end.decisions, 0),
      };
      process.stdout.write(`fleet under SIGKILL: ${JSON.stringify(told)}\n`);
      expect(ends.filter(({ status }) => status !== 'completed')).toEqual([]);
      expect(created.filter((count) => count !== 1)).toEqual([]);
      expect(trials.length).toBeGreaterThanOrEqual(JOBS_AT_ONCE);
      expect(await breaches(site)).toEqual({ tooSoon: 0, underShutLimit: 0, secrets: 0, keyAtStorage: 0 });
    },
    300_000 + KILLS * 4_000,
  );
});
