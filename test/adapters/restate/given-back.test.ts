import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/adapters/emulator/index.js';
import { createGoalWorker, type GoalWorker, registerWorker } from '../../../src/adapters/restate/index.js';
import { decodeDesk } from '../../../src/adapters/restate/key/key-desk.js';
import { itemsOf } from '../../../src/engine/lane/starts/sorted-tree.js';
import { type Fleet, startFleet } from '../../support/fleet.js';

const SLOW: FaultRule = { on: 'create', fault: { kind: 'slow-reply', delayMs: 2_500 }, times: 1 };
const LOST: FaultRule = { on: 'create', fault: { kind: 'reset', when: 'after' }, times: 1 };

/** What a key grants to jobs, and gets back when they have ended without using it. */
describe('a job that is detached while it waits for its key', () => {
  let fleet: Fleet;
  let worker: GoalWorker;
  let files: string[] = [];
  let large: string[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ speed: 8, plan: 'business' });
    files = [await fleet.file('resume.txt', 'a resume'), await fleet.file('job.txt', 'a job')];
    large = [await fleet.file('large.txt', 'r'.repeat(300_000)), ...files.slice(1)];
  }, 60_000);
  afterEach(() => worker.close());
  afterAll(() => fleet.close());

  async function serve(concurrency: number): Promise<void> {
    const { engine, emulator, out } = fleet;
    worker = createGoalWorker({
      keys: { creates: emulator.apiKey, places: emulator.apiKey },
      baseUrl: emulator.baseUrl,
      results: out,
      ingress: engine.ingress,
      concurrency,
    });
    const { url } = await worker.listen({ port: 0 });
    await registerWorker({ admin: engine.admin, url });
  }

  const creates = (): number => fleet.emulator.log.filter(({ endpoint }) => endpoint === 'create').length;
  /** The jobs whose create waits for the reply to the first one, in order. */
  const held = async (): Promise<readonly string[]> => {
    const [row] = await fleet.sql<{ readonly value: string }>(
      "select value_utf8 as value from state where service_key = 'creates' and key = 'desk'",
    );
    if (row === undefined) return [];
    const { desk, held: creates } = decodeDesk(JSON.parse(row.value));
    return [...itemsOf(desk.queue), ...creates].map(({ jobId }) => jobId);
  };

  /** Small files: the create is requested with the place. Larger ones: after the upload. */
  const start = (key: string, index: number, more: object = { answers: { confirmed_titles: 'Lead' } }) =>
    fleet.client.start({
      ...{
        id: `${key}-${index}`,
        key,
        workflowId: 'goal_lane.resume_tailor',
        files: index % 2 === 0 ? files : large,
      },
      ...more,
    });

  it('does not keep the permission to send a create', async () => {
    await serve(20);
    fleet.emulator.faults.add(SLOW);
    fleet.emulator.faults.add(LOST);
    const before = creates();
    const jobs = await Promise.all([0, 1, 2, 3].map((index) => start('creates', index)));
    await expect.poll(async () => (await held()).length, { timeout: 10_000 }).toBe(3);
    const inOrder = (await held()).map((id) => jobs.find((job) => job.id === id));
    await Promise.all(inOrder.slice(0, 2).map((job) => job?.detach()));
    // The first reply is lost, so that still nothing is known, and creates are sent one by one.
    expect(await inOrder[2]?.result()).toMatchObject({ status: 'completed' });
    expect(creates() - before).toBe(2);
  }, 60_000);

  it('does not keep a place', async () => {
    await serve(1);
    // It stays at its checkpoint.
    const first = await start('places', 0, {});
    await expect.poll(async () => (await first.refresh()).needs, { timeout: 20_000 }).toBe('slots');
    const second = await start('places', 1);
    const path = async (): Promise<string> => (await second.refresh()).path;
    await expect.poll(path, { timeout: 10_000 }).toBe('preparing.queued');
    const third = await start('places', 2);
    await second.detach();
    await first.detach();
    expect(await third.result()).toMatchObject({ status: 'completed' });
  }, 60_000);
});
