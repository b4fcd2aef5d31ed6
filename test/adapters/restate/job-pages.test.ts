import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createGoalWorker,
  type FleetJob,
  type GoalWorker,
  registerWorker,
} from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';

const JOBS = 7;

describe('the pages of the jobs of a fleet', () => {
  let fleet: Fleet;
  let worker: GoalWorker;
  let jobs: FleetJob[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ speed: 20, plan: 'business' });
    const { engine, emulator, out } = fleet;
    worker = createGoalWorker({
      keys: { default: emulator.apiKey },
      baseUrl: emulator.baseUrl,
      results: out,
      ingress: engine.ingress,
      plan: 'business',
    });
    const { url } = await worker.listen({ port: 0 });
    await registerWorker({ admin: engine.admin, url });
    const files = [await fleet.file('resume.txt', 'a resume'), await fleet.file('job.txt', 'a job')];
    jobs = await Promise.all(
      Array.from({ length: JOBS }, (_, index) =>
        fleet.client.start({ id: `job-${index}`, workflowId: 'goal_lane.resume_tailor', files }),
      ),
    );
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await fleet.close();
  });

  /** The ids on each page, from the first to the last. */
  async function pages(state: string, limit: number): Promise<readonly (readonly string[])[]> {
    const all: (readonly string[])[] = [];
    let page: string | undefined;
    do {
      const found = await fleet.client.jobs({ state, limit, ...(page === undefined ? {} : { page }) });
      all.push(found.jobs.map(({ id }) => id));
      page = found.next;
    } while (page !== undefined);
    return all;
  }

  const ids = Array.from({ length: JOBS }, (_, index) => `job-${index}`);
  const sorted = (all: readonly (readonly string[])[]): readonly string[] => all.flat().sort();

  it('hold each running job once, and each ended one once', async () => {
    const waiting = async (): Promise<number> => (await pages('slot_needed', 100)).flat().length;
    await expect.poll(waiting, { timeout: 30_000 }).toBe(JOBS);
    const running = await pages('slot_needed', 2);
    expect(running.map((page) => page.length)).toEqual([2, 2, 2, 1]);
    expect(sorted(running)).toEqual(ids);

    await Promise.all(jobs.map((job) => job.detach()));
    await expect.poll(async () => (await pages('detached', 100)).flat().length).toBe(JOBS);
    expect(sorted(await pages('detached', 2))).toEqual(ids);
    expect(sorted(await pages('detached', 1))).toEqual(ids);
    expect(await pages('slot_needed', 2)).toEqual([[]]);
  }, 60_000);

  it('refuse a page that this list has not given', async () => {
    for (const page of ['', 'running', 'running x', 'ended ["job-1"]'])
      await expect(fleet.client.jobs({ page })).rejects.toMatchObject({ failure: { kind: 'invalid-input' } });
  });
});
