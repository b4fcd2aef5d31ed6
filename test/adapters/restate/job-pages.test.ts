import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sortableTime } from '../../../src/adapters/restate/client/list-jobs.js';
import type { FleetJob } from '../../../src/adapters/restate/index.js';
import { defined } from '../../../src/services/defined.js';
import { createWorkplace, type RunningCli, type Workplace } from '../../e2e/cli-process.js';
import { type Fleet, startFleet } from '../../support/fleet.js';

const JOBS = 7;

describe('the jobs of a fleet whose workers are those of the command', () => {
  let fleet: Fleet;
  let place: Workplace;
  let worker: RunningCli;
  let jobs: FleetJob[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ speed: 20, plan: 'business' });
    place = createWorkplace({ key: fleet.emulator.apiKey, baseUrl: fleet.emulator.baseUrl });
    worker = await startWorker();
    const files = [await fleet.file('resume.txt', 'a resume'), await fleet.file('job.txt', 'a job')];
    jobs = await Promise.all(
      Array.from({ length: JOBS }, (_, index) =>
        fleet.client.start({ id: `job-${index}`, workflowId: 'goal_lane.resume_tailor', files }),
      ),
    );
  }, 60_000);

  afterAll(async () => {
    place.remove();
    await fleet.close();
  });

  /** At any free port: at a new start it is another one. */
  async function startWorker(): Promise<RunningCli> {
    const { engine, out } = fleet;
    const args = ['--admin', engine.admin, '--ingress', engine.ingress, '--out', out, '--plan', 'business'];
    const cli = place.start(['worker', '--port', '0', '--processes', '2', ...args]);
    await cli.shows(/2 processes serve/);
    return cli;
  }

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

  it('have ended in an order that a whole second does not break', async () => {
    const time = (ms: number) => sortableTime(`arrow_cast(${ms}, 'Timestamp(Millisecond, Some("+00:00"))')`);
    const rows = await fleet.sql(`select ${time(1_700_000_000_999)} < ${time(1_700_000_001_000)} as a,
      ${time(1_700_000_001_000)} < ${time(1_700_000_001_001)} as b`);
    expect(rows).toEqual([{ a: true, b: true }]);
  });

  it('are listed once each where several began at once and one gets on between two pages', async () => {
    const rows = ['same-a', 'same-b', 'same-c'];
    /** Stores a row as the job itself does, or removes it. */
    const store = async (id: string, state?: string): Promise<void> => {
      const row = { createdAt: 1_700_000_000_000, state, keyId: 'default' };
      const bytes = [...new TextEncoder().encode(JSON.stringify(row))];
      const body = JSON.stringify({ object_key: id, new_state: state === undefined ? {} : { row: bytes } });
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body };
      expect((await fetch(`${fleet.engine.admin}/services/GoalJob/state`, init)).ok).toBe(true);
      const stored = () =>
        fleet.sql(`select key from state where service_key = '${id}' and value_utf8 like '%"${state}"%'`);
      await expect.poll(async () => (await stored()).length).toBe(state === undefined ? 0 : 1);
    };
    const ofThese = async (page?: string) => {
      const { jobs: found, next } = await fleet.client.jobs({ limit: 1, ...defined({ page }) });
      return { id: found[0]?.id, next };
    };
    for (const id of rows) await store(id, 'executing');
    try {
      const seen: (string | undefined)[] = [];
      let next: string | undefined;
      do {
        const found = await ofThese(next);
        if (rows.includes(found.id ?? '')) seen.push(found.id);
        next = found.next;
        if (found.id === 'same-c') await store('same-b', 'slot_needed');
      } while (next !== undefined);
      expect(seen).toEqual(['same-c', 'same-b', 'same-a']);
    } finally {
      for (const id of rows) await store(id);
    }
  });

  it('are listed once each while they run, and once each when they have ended', async () => {
    const waiting = async (): Promise<number> => (await pages('slot_needed', 100)).flat().length;
    await expect.poll(waiting, { timeout: 30_000 }).toBe(JOBS);
    const running = await pages('slot_needed', 2);
    expect(running.map((page) => page.length)).toEqual([2, 2, 2, 1]);
    expect(sorted(running)).toEqual(ids);

    worker.child.kill('SIGTERM');
    expect(await worker.result).toMatchObject({ code: 0, stderr: expect.stringContaining('Jobs wait') });
    // What the release has begun at its old address continues at the new one: the reader of the key, too.
    worker = await startWorker();
    const [first, ...others] = jobs;
    await first?.submitSlots({ confirmed_titles: 'Tech Lead' });
    expect((await first?.result())?.status).toBe('completed');
    expect((await fleet.sql('select id from sys_deployment')).length).toBe(1);
    expect(fleet.emulator.log.filter(({ tooSoon }) => tooSoon)).toEqual([]);

    await Promise.all(others.map((job) => job.detach()));
    await expect.poll(async () => (await pages('detached', 100)).flat().length).toBe(JOBS - 1);
    expect(sorted(await pages('detached', 2))).toEqual(ids.slice(1));
    expect(sorted(await pages('detached', 1))).toEqual(ids.slice(1));
    expect(await pages('slot_needed', 2)).toEqual([[]]);
  }, 60_000);

  it('refuse a page that this list has not given', async () => {
    for (const page of ['', 'running', 'running x', 'ended ["job-1"]'])
      await expect(fleet.client.jobs({ page })).rejects.toMatchObject({ failure: { kind: 'invalid-input' } });
  });
});
