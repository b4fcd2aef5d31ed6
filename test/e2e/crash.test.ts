import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms, openSite, type Site } from './crash/site.js';
import { type Death, openTrial, play } from './crash/trial.js';
import { expectDoneOnce } from './crash/verdict.js';

/** Kills at random instants. */
const RANDOM_KILLS = Number(process.env.GOAL_LANE_KILLS ?? 60);
const KILLS_A_JOB = 5;
const AT_ONCE = 4;
const KEYS = 2_000;
/** Real ms after its first request within which a process is killed; a job takes about twice as long. */
const WITHIN_MS = 900;

let site: Site;
let nextTrial = 0;

beforeAll(async () => {
  await bundlePrograms();
  site = await openSite(KEYS);
}, 60_000);
afterAll(() => site.close());

async function die(deaths: readonly Death[]): Promise<number> {
  const trial = openTrial(site, nextTrial++);
  const played = await play(site, trial, deaths);
  await expectDoneOnce(site, played);
  return played.kills;
}

/** As many at once as keep the processors busy. */
async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function recordPoints(): Promise<readonly string[]> {
  const trial = openTrial(site, nextTrial++);
  const file = join(trial.directory, 'points.txt');
  await expectDoneOnce(site, await play(site, trial, [{ env: { CRASH_RECORD: file } }]));
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

describe('goal-lane run, killed', () => {
  it('at every recorded point, is resumed as if nothing had happened', { timeout: 900_000 }, async () => {
    const points = await recordPoints();
    let kills = 0;
    await inParallel(points, async (at) => {
      const died = await die([{ env: { CRASH_AT: at } }]);
      kills += died;
    });
    console.log({ kills });
    expect(kills).toBeGreaterThan(points.length * 0.9);
  });

  it('at random instants, several times a job', { timeout: 600_000 }, async () => {
    const jobs = Array.from({ length: Math.ceil(RANDOM_KILLS / KILLS_A_JOB) }, (_, job) => job);
    let kills = 0;
    await inParallel(jobs, async () => {
      const deaths = Array.from({ length: KILLS_A_JOB }, () => ({
        env: {},
        afterMs: Math.random() * WITHIN_MS,
      }));
      const died = await die(deaths);
      kills += died;
    });
    console.log({ kills });
    expect(kills).toBeGreaterThan(RANDOM_KILLS * 0.5);
  });
});
