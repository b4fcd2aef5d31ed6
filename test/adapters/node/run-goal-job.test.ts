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
import { zipOf } from '../../support/sample-zip.js';

const RESULT = zipOf(Buffer.from('the result'));
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
      saved: { file, bytes: RESULT.length, sha256, verified: true },
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

  it('aborts a request that is under way, and leaves no socket or timer', async () => {
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

  it.each([
    ['confirm', 'Manual', "'auto' or 'manual'"],
    ['missingSlots', 'fial', "'ask' or 'fail'"],
    ['onUnknownOutcome', 'again', "'ask' or 'retry' or 'fail'"],
    ['onSlotConflict', true, "'ask' or 'ours' or 'theirs'"],
    ['delivery', 'lnik', "'save' or 'link'"],
    ['deadlineAt', Number.NaN, 'epoch ms'],
    ['deadlineAt', '2030-01-01', 'epoch ms'],
    ['retry', 3, 'maxAttempts'],
    ['retry.maxAttempts', -1, 'a whole number from 1'],
    ['retry.maxAttempts', null, 'a whole number from 1'],
    ['retry.baseMs', '500', 'a number of ms from 0'],
    ['slots', ['warm'], 'slotId'],
    ['slots', { tone: 10n }, 'slotId'],
    ['slots', { tone: () => 'warm' }, 'slotId'],
    ['answers', { tone: [{ nested: 1 }] }, 'slotId'],
    ['answers', { tone: Number.NaN }, 'slotId'],
    ['outDir', 5, 'a folder'],
    ['outDir', '', 'a folder'],
  ])('refuses a wrong %s by its name, and says what is allowed (%#)', async (name, value, allowed) => {
    const [option = '', limit] = name.split('.');
    const failure = await failureOf(() =>
      run({ [option]: limit === undefined ? value : { [limit]: value } }),
    );
    expect(failure).toMatchObject({ kind: 'invalid-input', delivery: 'not-sent' });
    expect(failure.message).toContain(`${name} `);
    expect(failure.message + failure.advice).toContain(allowed);
    expect(api.seen).toEqual([]);
  });

  it('refuses options of a job that exists already too, all of them at once', async () => {
    const attach = { jobSpecId: 'job_1', workflowId: undefined, files: undefined };
    const failure = await failureOf(() => run({ ...attach, delivery: 'lnik', deadlineAt: null }));
    expect(failure.findings).toEqual([
      expect.stringMatching(/^delivery/),
      expect.stringMatching(/^deadlineAt/),
    ]);
  });

  it('takes options that are not given as undefined', async () => {
    const options = { confirm: undefined, retry: undefined, deadlineAt: undefined };
    expect(await run({ ...options, slots: { tone: undefined } }).result()).toMatchObject({
      status: 'completed',
    });
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
