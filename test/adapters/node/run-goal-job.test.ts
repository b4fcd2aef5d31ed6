import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGoalJob } from '../../../src/adapters/node/index.js';
import { coverLetterApi } from '../../support/cover-letter-api.js';
import { failureOf } from '../../support/failure-of.js';
import { virtualTime } from '../../support/fast-clock.js';
import { serve, type TestServer } from '../../support/http-server.js';

const RESULT = Buffer.from('PK\u0003\u0004 the result');
const KEY = 'key-0123456789abcdef';

let dir = '';
let storage: TestServer;
let api: TestServer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-run-'));
  await writeFile(join(dir, 'resume.pdf'), 'my resume');
  await writeFile(join(dir, 'jd.docx'), 'their description');
  storage = await serve((_request, response) => void response.end(RESULT));
  api = await coverLetterApi(storage.url);
});

afterEach(async () => {
  await Promise.all([storage.close(), api.close()]);
  await rm(dir, { recursive: true, force: true });
});

const run = (more: object = {}) =>
  runGoalJob({
    apiKey: KEY,
    baseUrl: `${api.url}/api/v1/`,
    outDir: join(dir, 'out'),
    clock: virtualTime(),
    workflowId: 'goal_lane.cover_letter',
    files: [join(dir, 'resume.pdf'), join(dir, 'jd.docx')],
    ...more,
  });

describe('runGoalJob', () => {
  it('goes from files on disk to a result on disk, as the full flow example does', async () => {
    const output = await run().result();
    const file = join(dir, 'out', 'job_789.zip');
    const sha256 = createHash('sha256').update(RESULT).digest('hex');
    expect(output).toMatchObject({
      status: 'completed',
      jobSpecId: 'job_789',
      saved: { file, bytes: RESULT.length, sha256 },
    });
    expect(await readFile(file)).toEqual(RESULT);
    expect(await readdir(join(dir, 'out'))).toEqual(['job_789.zip']);
    expect(api.seen.map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`).sort()).toEqual(
      [
        'GET /workflows/catalog',
        'POST /upload',
        'POST /upload',
        'POST /jobs/goal',
        'POST /jobs/goal/job_789/confirm',
        'GET /jobs/goal/job_789/status',
        'GET /jobs/goal/job_789/status',
        'GET /jobs/goal/job_789/status',
        'GET /jobs/goal/job_789/download',
      ].sort(),
    );
  });

  it('sends the key to the API with every call, and never to storage', async () => {
    await run().result();
    expect(api.seen.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
    expect(storage.seen).toHaveLength(1);
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(storage.seen)).not.toContain(KEY);
  });

  it('leaves no connection behind when the job has ended', async () => {
    await run().result();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([api.sockets.size, storage.sockets.size]).toEqual([0, 0]);
  });

  it('lets go of a request that is under way, without a socket or a timer left', async () => {
    const hung = await serve(() => undefined);
    const handle = run({ baseUrl: hung.url });
    await expect.poll(() => hung.seen.length).toBe(1);
    expect(await handle.detach()).toMatchObject({ status: 'detached', reason: 'requested' });
    await expect.poll(() => hung.sockets.size).toBe(0);
    await hung.close();
  });

  it.each([
    ['an empty key', { apiKey: '' }],
    ['a base URL of words', { baseUrl: 'here' }],
    ['no workflow', { workflowId: undefined }],
    ['an empty workflow', { workflowId: ' ' }],
    ['files that are no list', { files: 'cv.pdf' }],
    ['a file without a name', { files: [''] }],
    ['a job beside a workflow', { jobSpecId: 'job_1' }],
    ['an empty job', { jobSpecId: '', workflowId: undefined, files: undefined }],
  ])('refuses %s before anything is sent', async (_name, more) => {
    expect(await failureOf(() => run(more))).toMatchObject({ kind: 'invalid-input', delivery: 'not-sent' });
    expect(api.seen).toEqual([]);
  });

  it('names a file that is missing, and sends nothing', async () => {
    const output = await run({ files: [join(dir, 'resume.pdf'), join(dir, 'no.docx')] }).result();
    expect(output).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
    expect(JSON.stringify(output)).toContain('no.docx: it does not exist');
    expect(api.seen).toEqual([]);
  });

  it('takes a port of the host in the place of its own', async () => {
    const saved = { file: 'bucket/result', bytes: 1, sha256: 'x' };
    const output = await run({ ports: { saveResult: async () => saved } }).result();
    expect(output).toMatchObject({ status: 'completed', saved });
    expect(storage.seen).toEqual([]);
  });
});
