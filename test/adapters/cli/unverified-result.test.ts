import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import { jobRecordSchema } from '../../../src/engine/store/record/job-record-schema.js';
import { sampleRecord } from '../../engine/store/sample-record.js';
import { coverLetterApi } from '../../support/cover-letter-api.js';
import type { TestServer } from '../../support/http-server.js';
import { zipOfSize } from '../../support/sample-zip.js';
import { type ResultScene, resultScene, undelimited, whole } from '../node/result-scene.js';
import { createFakeIo } from './fake-io.js';

const ZIP = zipOfSize(2_000);

let dir = '';
let scene: ResultScene;
let api: TestServer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-unverified-'));
  scene = await resultScene();
  api = await coverLetterApi(scene.storage.url, 'output.zip');
});

afterEach(async () => {
  await api.close();
  await scene.close();
  await rm(dir, { recursive: true, force: true });
});

async function attach(...flags: readonly string[]) {
  const fake = createFakeIo({
    CONVILYN_API_KEY: 'key-0123456789abcdef',
    CONVILYN_BASE_URL: `${api.url}/api/v1`,
    GOAL_LANE_STORE: join(dir, 'jobs.db'),
  });
  const code = await runCli(
    ['attach', 'job_789', '--no-input', '--out', join(dir, 'out'), ...flags],
    fake.io,
  );
  return { code, stdout: fake.stdout(), stderr: fake.stderr() };
}

const completed = (stdout: string): unknown => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

describe('a result that cannot be known to be whole', () => {
  it('says so to scripts, and in what is stored', async () => {
    scene.answers = [undelimited(ZIP)];
    const { code, stdout } = await attach('--json');
    expect(code).toBe(0);
    const warning = expect.stringContaining('whether it is whole');
    expect(completed(stdout)).toMatchObject({ type: 'completed', bytes: 2_000, verified: false, warning });
    const store = await openJobStore({ path: join(dir, 'jobs.db') });
    const { records } = await store.list();
    expect(records[0]?.completed).toMatchObject({ verified: false, warning });
    await store.close();
  }, 20_000);

  it('says so to people', async () => {
    scene.answers = [undelimited(ZIP)];
    expect((await attach()).stderr).toMatch(/Warning: not verified: .*whether it is whole/);
  }, 20_000);

  it('is distinguished from one that is whole', async () => {
    scene.answers = [whole(ZIP)];
    const { stdout, stderr } = await attach('--json');
    expect(completed(stdout)).toMatchObject({ type: 'completed', verified: true });
    expect(completed(stdout)).not.toHaveProperty('warning');
    expect(stderr).not.toContain('Warning: not verified');
  }, 20_000);
});

describe('what was stored before results were verified', () => {
  it('still loads', () => {
    const completed = { file: '/out/output.zip', bytes: 3, sha256: 'abc' };
    const record = sampleRecord('old', { completed });
    expect(jobRecordSchema.parse(record).completed).toEqual(completed);
  });
});
