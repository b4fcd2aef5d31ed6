import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmulator, startReplay } from '../../../../src/adapters/emulator/index.js';
import { madeCurrent } from '../../../../src/adapters/emulator/replay/made-current.js';
import { createReplyQueues } from '../../../../src/adapters/emulator/replay/reply-queues.js';
import { type TracedReply, tracedReplies } from '../../../../src/adapters/emulator/replay/traced-reply.js';
import { runGoalJob } from '../../../../src/adapters/node/run-goal-job.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-replay-'));
  for (const name of ['resume.txt', 'job.txt']) writeFileSync(join(folder, name), `${name}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (server: { apiKey: string; baseUrl: string }, more: { trace?: string; maxAttempts?: number }) =>
  runGoalJob({
    ...server,
    outDir: folder,
    workflowId: 'goal_lane.resume_tailor',
    files: [join(folder, 'resume.txt'), join(folder, 'job.txt')],
    answers: { confirmed_titles: 'Lead' },
    missingSlots: 'fail',
    ...(more.trace === undefined ? {} : { trace: more.trace }),
  });

const reply = (more: Partial<TracedReply>): TracedReply => ({
  to: 'api',
  method: 'GET',
  path: '/api/v1/jobs/goal/job_1/status',
  status: 200,
  headers: {},
  size: 0,
  waitMs: 0,
  startedAt: 0,
  ...more,
});

describe('a trace that is served again', () => {
  it('leads another client, with another key, through the same job to a result of the same kind', async () => {
    const trace = join(folder, 'trace.har');
    const emulator = await startEmulator({ speed: 50 });
    const original = await run({ apiKey: emulator.apiKey, baseUrl: emulator.baseUrl }, { trace }).result();
    await emulator.close();
    const replay = await startReplay({ har: readFileSync(trace, 'utf8'), speed: 10 });
    const job = run(replay, {});
    const events: string[] = [];
    job.on('*', ({ type }) => events.push(type));
    const outcome = await job.result();
    await replay.close();
    expect(outcome).toMatchObject({ status: 'completed', jobSpecId: original.jobSpecId });
    expect(events).toContain('checkpoint');
    if (outcome.status !== 'completed') throw new Error('not completed');
    expect(outcome.saved?.file).toMatch(/output.*\.zip$/);
    expect(readFileSync(outcome.saved?.file ?? '', 'latin1').slice(0, 2)).toBe('PK');
  }, 60_000);

  it('answers what the trace does not hold with 404, and says so', async () => {
    const har = JSON.stringify({
      log: {
        version: '1.2',
        entries: [
          {
            startedDateTime: '2026-01-01T00:00:00Z',
            request: { method: 'GET', url: 'https://api.test/v9/workflows/catalog' },
            response: { status: 503, headers: [], content: { size: 2, text: '{}' } },
            timings: { wait: 1 },
          },
        ],
      },
    });
    const replay = await startReplay({ har });
    try {
      expect(new URL(replay.baseUrl).pathname).toBe('/v9');
      expect((await fetch(`${replay.baseUrl}/workflows/catalog`)).status).toBe(503);
      const unknown = await fetch(`${replay.baseUrl}/jobs/goal/job_1`);
      expect(unknown.status).toBe(404);
      expect(await unknown.json()).toMatchObject({ error: 'not_in_trace' });
      const page = await fetch(`${replay.baseUrl}/workflows/catalog`, {
        headers: { Origin: 'https://evil.test' },
      });
      expect(page.status).toBe(403);
    } finally {
      await replay.close();
    }
  });

  it('gives the replies of one call in their order, the last one again and again', () => {
    const queues = createReplyQueues([
      reply({ status: 200 }),
      reply({ status: 409 }),
      reply({ method: 'POST' }),
    ]);
    const statuses = [1, 2, 3].map(() => queues.api('GET', reply({}).path)?.status);
    expect(statuses).toEqual([200, 409, 409]);
    expect(queues.api('GET', '/elsewhere')).toBeUndefined();
    expect(queues.storage()).toBeUndefined();
  });

  it('moves times to now and leads URLs to itself', () => {
    const then = Date.parse('2026-01-01T00:00:00Z');
    const byMs = 3_600_000;
    const { headers, body } = madeCurrent(
      reply({
        headers: {
          'x-ratelimit-reset': String(then / 1_000 + 30),
          'retry-after': '7',
          'content-length': '3',
          'x-request-id': '12345678901',
        },
        text: JSON.stringify({
          expiresAt: '2026-01-01T00:10:00Z',
          download_url: 'https://s3.test/a/…/my%20cv.zip?sig=x',
        }),
      }),
      { byMs, resultUrl: (name) => `http://127.0.0.1/r/${name}` },
    );
    expect(headers).toEqual({
      'x-ratelimit-reset': String(then / 1_000 + 30 + 3_600),
      'retry-after': '7',
      'x-request-id': '12345678901',
    });
    expect(JSON.parse(body)).toEqual({
      expiresAt: '2026-01-01T01:10:00.000Z',
      download_url: 'http://127.0.0.1/r/my%20cv.zip',
    });
  });

  it.each([
    ['{', /not JSON/],
    ['{"log":{"version":"1.2","entries":[]}}', /not a HAR 1.2/],
    ['{"log":{"version":"1.1","entries":[{}]}}', /not a HAR 1.2/],
  ])('refuses %s', (text, words) => {
    expect(() => tracedReplies(text)).toThrow(words);
  });
});
