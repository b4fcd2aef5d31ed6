import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site, startTrial, type Trial } from '../../e2e/fleet/campaign.js';

const SHUT_MS = 6_000;
const JOBS = 8;
const ANSWERS = { confirmed_titles: 'Tech Lead' };

/** Two processes with clocks of their own; the reply that shuts a limit comes to one of them. */
describe('a limit that a reply to one process has shut', () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ speed: 8, clockOffsets: [0, 60_000] });
  }, 60_000);
  afterAll(() => site.close());

  const kept = async (): Promise<number> =>
    (await site.fleet.sql("select key from state where service_name = 'GoalKey' and key = 'shut'")).length;
  const patches = () => site.fleet.emulator.log.filter(({ endpoint }) => endpoint === 'slots');

  it('is shut for all processes, and open for all when its time has passed', async () => {
    const trials = await Promise.all(
      Array.from({ length: JOBS }, (): Promise<Trial> => startTrial(site, 'one', 'asked')),
    );
    for (const { job } of trials)
      await expect.poll(async () => (await job.refresh()).needs, { timeout: 30_000 }).toBe('slots');
    site.fleet.emulator.faults.add({
      on: 'slots',
      fault: { kind: 'rate-limited', resetInMs: SHUT_MS },
      times: 1,
    });
    const [first, ...others] = trials;
    const firstAnswer = first?.job.submitSlots(ANSWERS);
    await expect.poll(kept, { timeout: 20_000, interval: 20 }).toBe(1);
    // What a process knows of the limits of a key is a quarter of a second old at most.
    await new Promise((resolve) => setTimeout(resolve, 250));
    const answers = await Promise.all([firstAnswer, ...others.map(({ job }) => job.submitSlots(ANSWERS))]);
    expect(answers.map((answer) => answer?.status)).toEqual(Array(JOBS).fill('accepted'));
    expect(patches().map(({ status }) => status)).toEqual([429, ...Array(JOBS).fill(200)]);
    expect(patches().filter(({ rate }) => rate?.knownShut === true)).toEqual([]);
    await expect.poll(kept, { timeout: 20_000 }).toBe(0);
  }, 90_000);
});
