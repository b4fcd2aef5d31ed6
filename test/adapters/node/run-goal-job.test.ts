import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGoalJob } from '../../../src/adapters/node/index.js';
import { virtualTime } from '../../support/fast-clock.js';
import { json, serve, type TestServer } from '../../support/http-server.js';

const RESULT = Buffer.from('PK\u0003\u0004 the result');
const KEY = 'key-0123456789abcdef';

let dir = '';
let storage: TestServer;
let api: TestServer;

/** The cover letter of the reference's full flow example, word for word. */
function coverLetter(): Promise<TestServer> {
  let uploads = 0;
  const statuses = [
    { status: 'executing', progress: 30 },
    { status: 'executing', progress: 75 },
    { status: 'completed' },
  ];
  return serve(({ method, path }, response) => {
    const route = `${method} ${path.replace('/api/v1', '')}`;
    if (route === 'GET /workflows/catalog') {
      return json(response, 200, [
        {
          spec_id: 'goal_lane.cover_letter',
          name: 'Cover letter',
          description: 'Writes one',
          supported_input_formats: ['pdf', 'docx'],
          required_slots: [],
          maxInputSizeBytes: 1000,
          minFileCount: 2,
        },
      ]);
    }
    if (route === 'POST /upload') {
      uploads += 1;
      return json(response, 200, { file_id: uploads === 1 ? 'file_resume123' : 'file_jd456' });
    }
    if (route === 'POST /jobs/goal')
      return json(response, 200, { jobSpecId: 'job_789', itemVersion: 1, slots: [] });
    if (route === 'POST /jobs/goal/job_789/confirm') return json(response, 202, undefined);
    if (route === 'GET /jobs/goal/job_789/status') return json(response, 200, statuses.shift());
    if (route === 'GET /jobs/goal/job_789/download') {
      return json(response, 200, {
        url: `${storage.url}/convilyn-results/job_789/output.zip?X-Amz-Signature=topsecret`,
        expiresAt: '2026-03-30T14:00:00Z',
      });
    }
    return json(response, 404, { error: 'not_found', message: route, code: 404 });
  });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-run-'));
  await writeFile(join(dir, 'resume.pdf'), 'my resume');
  await writeFile(join(dir, 'jd.docx'), 'their description');
  storage = await serve((_request, response) => void response.end(RESULT));
  api = await coverLetter();
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
});
