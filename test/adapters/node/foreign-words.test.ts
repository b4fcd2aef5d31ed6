import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGoalJob } from '../../../src/adapters/node/index.js';
import type { JobHandleEvent } from '../../../src/engine/job/job-handle.js';
import { type Hook, type Part, startHookedApi } from '../../e2e/hooked-api.js';
import { virtualTime } from '../../support/fast-clock.js';

const CHALLENGE = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>';
const LOGIN = '<html><body><form action="/login"><input type="password"></form></body></html>';

type Word = readonly [
  speaker: string,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
];

const CDN: Word = ['cdn', 403, CHALLENGE, { 'cf-mitigated': 'challenge', Server: 'cloudflare' }];
const WORDS: readonly Word[] = [
  CDN,
  ['proxy', 407, '<html>squid</html>', { 'Proxy-Authenticate': 'Basic realm="p"' }],
  ['portal', 200, LOGIN, {}],
  ['portal', 302, '', { Location: 'http://127.0.0.1:1/hotel' }],
  ['portal', 511, '', {}],
  ['gateway', 401, 'Request blocked', {}],
  ['gateway', 403, '<html><center>nginx</center></html>', { Server: 'nginx' }],
  ['unknown', 401, '', {}],
];

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-foreign-'));
  await writeFile(join(dir, 'in.txt'), 'hello');
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs a job of which one part is answered by somebody else, so many times. */
async function runPast(part: Part, [, status, body, headers]: Word, times: number) {
  const hook: Hook = (response, count) => {
    if (count > times) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
  const api = await startHookedApi({ [part]: hook });
  const handle = runGoalJob({
    ...{ apiKey: api.key, baseUrl: api.baseUrl, outDir: join(dir, 'out'), clock: virtualTime() },
    ...{ workflowId: 'wf', files: [join(dir, 'in.txt')], onUnknownOutcome: 'fail' as const },
  });
  const events: JobHandleEvent[] = [];
  handle.on('*', (event) => events.push(event));
  const output = await handle.result();
  await api.close();
  return { output, events, asked: api.asked(part) };
}

const CASES = (['catalog', 'upload', 'confirm', 'status', 'download'] as const).flatMap((part) =>
  WORDS.map((word) => [part, word[0], word[1], word] as const),
);

describe('what the API did not say', () => {
  it.each(CASES)(
    'at the %s passes, and is reported as from a %s (%d)',
    async (part, speaker, _status, word) => {
      const { output, events } = await runPast(part, word, 2);
      expect(output).toMatchObject({ status: 'completed', jobSpecId: 'job_1' });
      const reported = events.flatMap((event) => (event.type === 'retrying' ? [event.failure] : []));
      expect(reported.map((failure) => failure.speaker)).toEqual([speaker, speaker]);
      expect(reported.every((failure) => failure.kind === 'network')).toBe(true);
    },
  );

  it.each(WORDS)('that stays (a %s, %d) detaches the job, and refuses no key', async (...word) => {
    const { output } = await runPast('status', word, Number.POSITIVE_INFINITY);
    expect(output).toMatchObject({
      ...{ status: 'detached', reason: 'unreachable', jobSpecId: 'job_1' },
      failure: { kind: 'network', speaker: word[0] },
    });
  });

  it('before there is a job is tried as long as a network that is down', async () => {
    const { output, asked } = await runPast('catalog', CDN, Number.POSITIVE_INFINITY);
    expect(output).toMatchObject({ status: 'failed', failure: { kind: 'network', speaker: 'cdn' } });
    expect(asked).toBeGreaterThan(3);
  });

  it.each(WORDS)('of a create (a %s, %d) leaves its outcome unknown', async (...word) => {
    const { output, asked } = await runPast('create', word, Number.POSITIVE_INFINITY);
    expect(output).toMatchObject({ status: 'detached', reason: 'outcome-unknown' });
    expect(asked).toBe(1);
  });
});
