import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { createNodeClient, createNodePorts } from '../../../src/adapters/node/index.js';
import { openJobStore } from '../../../src/adapters/store/index.js';
import { createStoredJobs, type StoredJobs } from '../../../src/adapters/stored-jobs/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { type ReferenceServer, startReferenceServer } from '../../e2e/reference-server.js';
import { createFakeIo } from './fake-io.js';

const directory = mkdtempSync(join(tmpdir(), 'goal-lane-resume-'));
afterAll(() => rmSync(directory, { recursive: true }));

const never = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

let places = 0;

/** A store that holds one job, let go of while its file was looked at, or before it went up. */
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

describe('resume', () => {
  const out = join(directory, 'out');
  const RESUME = ['resume', 'one', '--no-input', '--out', out];

  it('goes on with a file that was only touched', async () => {
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
