import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import { currentOwner } from '../../../src/engine/store/lease/process-liveness.js';
import { claimOf, leaseOf, sampleRecord } from '../../engine/store/sample-record.js';
import { useStoreDirectory } from '../../engine/store/store-directory.js';
import { openRaw } from '../../support/raw-database.js';
import { createFakeIo } from './fake-io.js';

const directory = useStoreDirectory();

/** A store of so many jobs, in the states in turn. */
async function storeOf(count: number, states: readonly string[] = ['executing']): Promise<string> {
  const path = directory.path('jobs.db');
  const store = await openJobStore({ path });
  for (const [at, state] of states.entries()) {
    const id = `seed-${at}`;
    await store.save(sampleRecord(id, { state }), { lease: await leaseOf(store, id), effect: false });
  }
  await store.close();
  const raw = openRaw(path);
  // Their records still contain the names of the first ones: they are listed by their rows, and not read.
  raw.exec(`WITH RECURSIVE n(i) AS (VALUES (${states.length}) UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO jobs SELECT 'copy-' || i, schema_version, state, job_spec_id, workflow_id, created_at, effect, digest,
    replace(body, seed.id, 'copy-' || i), NULL, NULL, NULL
    FROM n, (SELECT *, row_number() OVER (ORDER BY rowid) - 1 AS turn FROM jobs) AS seed WHERE turn = i % ${states.length}`);
  raw.close();
  return path;
}

async function list(path: string, flags: readonly string[] = [], terminal: object = {}) {
  const fake = createFakeIo({ GOAL_LANE_STORE: path });
  const stdout = Object.assign(fake.io.stdout, terminal);
  const start = performance.now();
  const code = await runCli(['jobs', ...flags], { ...fake.io, stdout });
  const ids = [...fake.stdout().matchAll(/(?:copy|seed)-\d+/g)].map(([id]) => id);
  return { code, ids, ms: performance.now() - start, stdout: fake.stdout(), stderr: fake.stderr() };
}

const TERMINAL = { isTTY: true, columns: 200 };

describe('goal-lane jobs', () => {
  it('lists the newest 100 at a terminal, the newest last, and says that there are more', async () => {
    const path = await storeOf(250);
    const { ids, stderr, code } = await list(path, [], TERMINAL);
    expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => `copy-${150 + at}`));
    expect(stderr).toContain('the newest 100: --all lists every job');
    expect(code).toBe(0);
    const all = await list(path, ['--all'], TERMINAL);
    expect(all.ids).toHaveLength(250);
    expect(all.stderr).not.toContain('--all');
  });

  it('lists every job elsewhere, oldest first, or as many of the newest as are asked for', async () => {
    const path = await storeOf(1_200);
    const { ids } = await list(path);
    expect(ids).toHaveLength(1_200);
    expect([ids[0], ids.at(-1)]).toEqual(['seed-0', 'copy-1199']);
    expect((await list(path, ['--limit', '3'])).ids).toEqual(['copy-1197', 'copy-1198', 'copy-1199']);
    const lines = (await list(path, ['--json', '--limit', '2'])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id ?? JSON.parse(line).count)).toEqual([
      'copy-1198',
      'copy-1199',
      2,
    ]);
  });

  it('names the process that drives a job on whichever page it stands', async () => {
    const path = await storeOf(1_200);
    const store = await openJobStore({ path });
    const driven = ['copy-7', 'copy-700', 'copy-1199'];
    for (const id of driven) await leaseOf(store, id, { ...claimOf('driver'), owner: currentOwner() });
    const lines = (await list(path, ['--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    await store.close();
    const drivers = lines.flatMap(({ id, driver }) => (driver === undefined ? [] : [[id, driver.pid]]));
    expect(drivers).toEqual(driven.map((id) => [id, process.pid]));
  });

  it('draws one table, whose head stands once, whatever its length', async () => {
    const { stdout } = await list(await storeOf(1_200));
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1_200 + 4);
    expect(lines.filter((line) => line.startsWith('┌') || line.startsWith('└'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('waits for, or result'))).toHaveLength(1);
  });

  it('lists the jobs of a state', async () => {
    const path = await storeOf(12, ['executing', 'failed', 'detached']);
    expect((await list(path, ['--state', 'failed'])).ids).toEqual(['seed-1', 'copy-4', 'copy-7', 'copy-10']);
    const none = await list(path, ['--state', 'completed']);
    expect([none.stdout, none.code]).toEqual(['', 0]);
    const wrong = await list(path, ['--state', 'ended']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('slot_needed');
  });

  it.each(['0', '-1', '1.5', 'x'])('refuses a limit of %s', async (limit) => {
    expect((await list(await storeOf(1), ['--limit', limit])).code).toBe(2);
  });

  it('stops between two pages when it is interrupted', async () => {
    const path = await storeOf(3_000);
    const fake = createFakeIo({ GOAL_LANE_STORE: path });
    const write = fake.io.stdout.write.bind(fake.io.stdout);
    Object.assign(fake.io.stdout, {
      write(text: string) {
        fake.io.interruption.abort();
        return write(text);
      },
    });
    expect(await runCli(['jobs', '--json'], fake.io)).toBe(130);
    const lines = fake.stdout().trimEnd().split('\n');
    expect(lines.length).toBeLessThan(1_000);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'error', exitCode: 130 });
  });

  it.each([[['--json']], [[]]])('stops reading once its reader is gone: %j', async (flags) => {
    const path = await storeOf(3_000);
    const { io } = createFakeIo({ GOAL_LANE_STORE: path });
    let writes = 0;
    io.stdout.on('error', () => undefined);
    // As the stdout of a process in `| head`: each write fails, and the stream is not destroyed.
    Object.assign(io.stdout, {
      write() {
        writes += 1;
        process.nextTick(() => io.stdout.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' })));
        return true;
      },
    });
    expect(await runCli(['jobs', ...flags], io)).toBe(0);
    // One page of lines or one piece of the table, and its end.
    expect(writes).toBeLessThan(510);
    if (flags.length === 0) expect(writes).toBe(2);
  });

  it('takes a time that grows with the number of jobs, and not faster', { timeout: 120_000 }, async () => {
    const path = await storeOf(8_000);
    const least = async (flags: readonly string[]): Promise<number> => {
      const times: number[] = [];
      for (let run = 0; run < 3; run += 1) times.push((await list(path, flags)).ms);
      return Math.min(...times);
    };
    const [quarter, whole] = [await least(['--limit', '2000']), await least([])];
    // Four times as many. The table that was drawn at once took sixteen times as long.
    expect(whole).toBeLessThan(10 * quarter);
  });
});
