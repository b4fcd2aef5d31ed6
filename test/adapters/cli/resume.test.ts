import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { createNodeClient, createNodePorts } from '../../../src/adapters/node/index.js';
import { createPart, leavePart } from '../../../src/adapters/node/results/part-file.js';
import { accountLabel, originLabel } from '../../../src/adapters/node/results/part-name.js';
import { createStoredJobs, type StoredJobs } from '../../../src/engine/durable/index.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { type ReferenceServer, startReferenceServer } from '../../e2e/reference-server.js';
import { leaseOf, sampleRecord } from '../../engine/store/sample-record.js';
import { createFakeIo } from './fake-io.js';

const directory = mkdtempSync(join(tmpdir(), 'goal-lane-resume-'));
afterAll(() => rmSync(directory, { recursive: true }));

const never = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

let places = 0;

/** A store that holds one job, detached while its file was inspected, or before the upload. */
async function stoppedAt(port: 'inspectFiles' | 'uploadFile', server: ReferenceServer) {
  places += 1;
  const path = join(directory, `jobs-${places}.db`);
  const file = join(directory, `input-${places}.txt`);
  writeFileSync(file, 'hello');
  const store = await openJobStore({ path });
  let jobs: StoredJobs | undefined;
  const client = createNodeClient({ apiKey: server.key, baseUrl: server.baseUrl });
  await new Promise<void>((resolve) => {
    const stuck = (input: unknown, options: { readonly signal: AbortSignal }) => {
      resolve();
      return never(input, options);
    };
    const ports: JobPorts = { ...createNodePorts({ client, outDir: directory }), [port]: stuck };
    jobs = createStoredJobs({ store, ports });
    void jobs.start({ workflowId: 'goal_lane.cover_letter', files: [file] }, { id: 'one' });
  });
  await jobs?.close();
  await store.close();
  client.close();
  return { path, file };
}

async function command(server: ReferenceServer, path: string, argv: readonly string[]) {
  const fake = createFakeIo({
    CONVILYN_API_KEY: server.key,
    CONVILYN_BASE_URL: server.baseUrl,
    GOAL_LANE_STORE: path,
  });
  const code = await runCli(argv, fake.io);
  return { code, stdout: fake.stdout(), stderr: fake.stderr() };
}

const out = join(directory, 'out');

describe('resume', () => {
  const RESUME = ['resume', 'one', '--no-input', '--out', out];

  it('resumes with a file that was only touched', async () => {
    const server = await startReferenceServer({});
    const { path, file } = await stoppedAt('uploadFile', server);
    utimesSync(file, new Date(), new Date(Date.now() + 60_000));
    const result = await command(server, path, RESUME);
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(out, 'output.zip'))).toBe(true);
    await server.close();
  });

  it('never takes a job out of the store that was there before, whatever refuses it', async () => {
    const server = await startReferenceServer({});
    const { path, file } = await stoppedAt('inspectFiles', server);
    rmSync(file);
    const refused = await command(server, path, RESUME);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain(file);
    const { stdout } = await command(server, path, ['jobs', '--json']);
    expect(stdout).toContain('"id":"one"');
    await server.close();
  });
});

describe('resume of several jobs', () => {
  it('reads their status in turn, at the pace of the key', async () => {
    const server = await startReferenceServer({ isEndless: true });
    const path = join(directory, 'several.db');
    const store = await openJobStore({ path });
    for (const id of ['a', 'b', 'c']) {
      const lease = await leaseOf(store, id);
      // A place that no chart has: the job is looked up by its id.
      const snapshot = { value: { executing: 'nowhere' }, context: {} };
      await store.save(sampleRecord(id, { jobSpecId: 'job_789', snapshot }), { lease, effect: true });
      await store.releaseLease(lease);
    }
    await store.close();
    const RESUME_ALL = ['resume', '--all', '--no-input', '--max-wait', '8', '--out', out];
    expect(await command(server, path, RESUME_ALL)).toMatchObject({ code: 5 });
    const reads = server.calls('GET', /\/status$/).map(({ at }) => at);
    // Each once at least; an idle machine makes a fourth read.
    expect(reads.length).toBeGreaterThanOrEqual(3);
    const gaps = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(500);
    await server.close();
  }, 20_000);
});

/** What an earlier try left of a result, without an owner. */
async function leavePartOf(server: ReferenceServer, jobSpecId: string, dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const owner = { account: accountLabel(server.key, server.baseUrl), jobSpecId };
  const part = await createPart(dir, owner, { origin: originLabel(server.baseUrl), etag: '"v1"' });
  await part.handle.write('half');
  await leavePart(part);
  expect(readdirSync(dir).join()).toContain('.part');
}

describe('a result past its retention', () => {
  /** A job that was last seen at work so long ago; its patience is short, so that the test is. */
  async function storedAtWork(name: string, seenAt: number): Promise<string> {
    const path = join(directory, `${name}.db`);
    const store = await openJobStore({ path });
    const input = { jobSpecId: 'job_789', retry: { maxAttempts: 3, baseMs: 10 } };
    const context = {
      input,
      jobSpecId: 'job_789',
      itemVersion: 1,
      statusWord: 'executing',
      lastReadAt: seenAt,
    };
    const snapshot = { status: 'active', value: { executing: 'reading' }, context };
    const lease = await leaseOf(store, 'one');
    const record = sampleRecord('one', { jobSpecId: 'job_789', input, snapshot, retention: {} });
    await store.save(record, { lease, effect: true });
    await store.releaseLease(lease);
    await store.close();
    return path;
  }

  it.each([404, 410] as const)(
    'is called that where the server answers %d a day later',
    async (resultIsGone) => {
      const server = await startReferenceServer({ resultIsGone, isCompleted: true });
      const path = await storedAtWork(`gone-${resultIsGone}`, Date.now() - 25 * 3_600_000);
      const out = join(directory, `gone-${resultIsGone}`);
      await leavePartOf(server, 'job_789', out);
      const { code, stderr } = await command(server, path, ['resume', 'one', '--no-input', '--out', out]);
      expect(code).toBe(7);
      expect(stderr).toContain("The result is not saved: the result's retention has ended, 24 h after");
      expect(stderr).toContain('Run the job again');
      expect(stderr).not.toContain('Resume with');
      expect(readdirSync(out)).toEqual([]);
      const again = await command(server, path, ['resume', 'one', '--no-input', '--out', out]);
      expect(again.stderr.match(/The same input can be run again/g)).toHaveLength(1);
      await server.close();
    },
  );

  it.each([404, 410] as const)('is not called that a moment after it was made: %d', async (resultIsGone) => {
    const server = await startReferenceServer({ resultIsGone, isCompleted: true });
    const path = await storedAtWork(`withheld-${resultIsGone}`, Date.now() - 3_000);
    const { code, stderr } = await command(server, path, ['resume', 'one', '--no-input', '--out', out]);
    expect(code).toBe(7);
    expect(stderr).toContain('The server has completed the job and does not hand out its result');
    expect(stderr).not.toContain('24 h');
    expect(stderr.trim().split('\n').at(-1)).toContain('Resume with: goal-lane resume one');
    await server.close();
  });

  it('is named by --all, which leaves the job out and nothing of it behind', async () => {
    const server = await startReferenceServer({});
    const path = join(directory, 'late.db');
    const store = await openJobStore({ path });
    const resultExpiresAt = Date.UTC(2026, 0, 2);
    const late = sampleRecord('late', {
      state: 'downloading',
      jobSpecId: 'job_1',
      retention: { resultExpiresAt },
    });
    const lease = await leaseOf(store, 'late');
    await store.save(late, { lease, effect: true });
    await store.releaseLease(lease);
    await store.close();
    const out = join(directory, 'late');
    await leavePartOf(server, 'job_1', out);
    const all = await command(server, path, ['resume', '--all', '--json', '--no-input', '--out', out]);
    expect(all).toMatchObject({ code: 0 });
    expect(all.stderr).toMatch(/Job late cannot be resumed.*2026-01-02.*run again as a new job/);
    expect(all.stdout).toContain('"type":"skipped"');
    expect(readdirSync(out)).toEqual([]);
    await leavePartOf(server, 'job_1', out);
    const named = await command(server, path, ['resume', 'late', '--no-input', '--out', out]);
    expect(named).toMatchObject({ code: 2 });
    expect(named.stderr.match(/was kept until/g)).toHaveLength(1);
    expect(readdirSync(out)).toEqual([]);
    expect(server.seen).toEqual([]);
    await server.close();
  });
});
