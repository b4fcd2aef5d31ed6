import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/adapters/emulator/model/seeded-random.js';
import { drawnSeed } from '../support/drawn-seed.js';
import { expectDoneOnce } from './crash/expect-done-once.js';
import { bundlePrograms, openSite, type Site } from './crash/site.js';
import { type Death, openTrial, play, type Trial } from './crash/trial.js';

/** Of every random instant below: the same one kills the same jobs at the same times after their first request. */
const seed = drawnSeed();
const random = (stream: number): (() => number) => seededRandom(seed + stream * 7_919);

/** Kills at random instants. */
const RANDOM_KILLS = Number(process.env.GOAL_LANE_KILLS ?? 60);
/** A machine that is busy with other tests is slow to start so many processes. */
const TIMEOUT_MS = 600_000 + RANDOM_KILLS * 4_000;
const MOST_KILLS_A_JOB = 5;
/** Fewer kills a job than this, and the instants no longer fall within the jobs. */
const FEWEST_KILLS_A_JOB = 0.5;
const AT_ONCE = 4;
const KEYS = 2_000;
/** Real ms after its first request within which a process is killed; a job takes about twice as long. */
const WITHIN_MS = 900;

const WRITE_KILLS = 24;
/** So often does a job write, statements within a transaction and what is kept for its history included. */
const WRITES_A_JOB = 60;
/** The last writes of a job are followed by its end, so that not every job is killed. */
const MOST_JOBS_A_WRITE_KILL = 3;
/** A write that waits for the disk takes about so long. */
const WITHIN_WRITE_US = 3_000;

const SERVER_KILLS = 8;
/** Real ms. */
const SERVER_LIVES_MS = 1_000;
const SERVER_IS_DOWN_MS = 100;

let site: Site;
let trials = 0;

beforeAll(async () => {
  await bundlePrograms();
  site = await openSite(KEYS);
}, 60_000);
afterAll(() => site.close());

async function die(where: Site, deaths: readonly Death[]): Promise<number> {
  const trial = openTrial(where, trials++ % KEYS);
  const played = await play(where, trial, deaths);
  await expectDoneOnce(where, played);
  return played.kills;
}

/** As many at once as keep the processors busy, each working until there is no more to do. */
async function inParallel(worker: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function killEach(deaths: readonly Death[]): Promise<number> {
  const queue = [...deaths];
  let kills = 0;
  await inParallel(async () => {
    for (let death = queue.shift(); death !== undefined; death = queue.shift()) {
      const died = await die(site, [death]);
      kills += died;
    }
  });
  return kills;
}

interface Kills {
  readonly kills: number;
  readonly jobs: number;
}

/** Jobs are started until enough were killed: a job may end before its killer comes, the more often the faster the machine. */
async function killUntil(
  enough: number,
  most: number,
  deathsOf: (job: number) => readonly Death[],
): Promise<Kills> {
  let kills = 0;
  let jobs = 0;
  await inParallel(async () => {
    while (kills < enough && jobs < most) {
      const deaths = deathsOf(jobs);
      jobs += 1;
      const died = await die(site, deaths);
      kills += died;
    }
  });
  return { kills, jobs };
}

async function recordPoints(): Promise<readonly string[]> {
  const trial = openTrial(site, trials++);
  const file = join(trial.directory, 'points.txt');
  await expectDoneOnce(site, await play(site, trial, [{ env: { CRASH_RECORD: file } }]));
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

describe('goal-lane run, killed', () => {
  it('at every recorded point, is resumed as if nothing had happened', { timeout: TIMEOUT_MS }, async () => {
    const points = await recordPoints();
    const kills = await killEach(points.map((at) => ({ env: { CRASH_AT: at } })));
    console.log(`      ${kills} kills at ${points.length} recorded points`);
    expect(kills).toBeGreaterThan(points.length * 0.9);
  });

  it(`at random instants, several times a job (GOAL_LANE_SEED=${seed})`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { kills, jobs } = await killUntil(RANDOM_KILLS, RANDOM_KILLS / FEWEST_KILLS_A_JOB, (job) => {
      const draw = random(job);
      return Array.from({ length: MOST_KILLS_A_JOB }, () => ({ env: {}, afterMs: draw() * WITHIN_MS }));
    });
    console.log(`      ${kills} kills at random instants of ${jobs} jobs`);
    expect(kills).toBeGreaterThanOrEqual(RANDOM_KILLS);
  });

  it(`in the middle of a write of the store (GOAL_LANE_SEED=${seed})`, { timeout: TIMEOUT_MS }, async () => {
    const { kills, jobs } = await killUntil(WRITE_KILLS, WRITE_KILLS * MOST_JOBS_A_WRITE_KILL, (job) => {
      const draw = random(job);
      const write = Math.floor(draw() * WRITES_A_JOB);
      return [{ env: { CRASH_DURING: `${write}:${Math.floor(draw() * WITHIN_WRITE_US)}` } }];
    });
    console.log(`      ${kills} kills in the middle of a write, of ${jobs} jobs`);
    expect(kills).toBeGreaterThanOrEqual(WRITE_KILLS);
  });
});

describe('the server, killed', () => {
  it(`leaves no job undone and none done twice (GOAL_LANE_SEED=${seed})`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const ours = await openSite(KEYS);
    try {
      let isOver = false;
      const played: Trial[] = [];
      const jobs = inParallel(async () => {
        while (!isOver) played.push(await play(ours, openTrial(ours, trials++ % KEYS), []));
      });
      for (let kill = 0; kill < SERVER_KILLS; kill += 1) {
        await delay(SERVER_LIVES_MS * random(kill)());
        await ours.killServer(SERVER_IS_DOWN_MS);
      }
      isOver = true;
      await jobs;
      expect(played.length).toBeGreaterThanOrEqual(AT_ONCE);
      for (const trial of played) await expectDoneOnce(ours, trial);
    } finally {
      await ours.close();
    }
  });
});
