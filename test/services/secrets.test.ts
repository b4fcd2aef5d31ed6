import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createNodeTransport, runGoalJob } from '../../src/adapters/node/index.js';
import { createGoalClient, isGoalLaneError, redactionPaths, redactUrl } from '../../src/services/index.js';
import { createRedactor } from '../../src/services/redaction/redactor.js';
import { coverLetterApi } from '../support/cover-letter-api.js';
import { virtualTime } from '../support/fast-clock.js';
import { type Handler, json, serve } from '../support/http-server.js';

const KEY = 'key-SECRETSECRET';
const SIGNATURE = 'SIGNATURE/SECRETSECRET+x';
const job = { jobSpecId: 'job_789' };

/** A host's pino, at its loudest. */
function recorder(options: object = {}) {
  const lines: string[] = [];
  const logger = pino({ level: 'trace', ...options }, { write: (line: string) => void lines.push(line) });
  return { logger, lines };
}

/** An error as everything that a host could show of it: text, stack, JSON, own fields, causes. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((name) => JSON.stringify(Reflect.get(error, name)));
  return [String(error), error.stack, JSON.stringify(error), ...own, everythingOf(error.cause)].join('\n');
}

const expectClean = (text: string): void => {
  expect(text).not.toContain(KEY);
  expect(text).not.toContain('SECRETSECRET');
};

/** What a server can do to leak: each of these answers echoes the key, as sent, and a signed URL. */
const signed = `https://s3.example/b/x.zip?X-Amz-Signature=${encodeURIComponent(SIGNATURE)}&a=1`;
const echo = `you sent Bearer ${KEY}; see ${signed} or X-Amz-Signature=${SIGNATURE}`;
const leaks: [string, Handler][] = [
  ['a 401 that echoes it', (_request, response) => json(response, 401, { error: KEY, message: echo })],
  [
    'a 422 that echoes it',
    (_request, response) => json(response, 422, { errors: [{ field: KEY, message: echo }] }),
  ],
  [
    'a 500 of HTML that echoes it',
    (_request, response) => void response.writeHead(500).end(`<pre>${echo}</pre>`),
  ],
  ['a success of text that echoes it', (_request, response) => void response.end(echo)],
  ['half of a success', (_request, response) => void response.end(`{"url":"${signed}`)],
  ['a success of another shape', (_request, response) => json(response, 200, { [KEY]: echo, url: 5 })],
  ['a redirect with it', (_request, response) => void response.writeHead(302, { Location: signed }).end()],
  ['a status that is it', (_request, response) => void response.writeHead(418, echo.slice(0, 60)).end()],
  ['a reset', (_request, response) => void response.socket?.resetAndDestroy()],
];

describe('law 5: never leaked', () => {
  it.each(leaks)('by %s', async (_name, handler) => {
    const server = await serve(handler);
    const { logger, lines } = recorder();
    const client = createGoalClient({
      apiKey: KEY,
      baseUrl: server.url,
      transport: createNodeTransport(),
      logger,
    });
    const calls = [
      client.loadCatalog(),
      client.createJob({ workflowId: 'w', fileIds: ['f'] }),
      client.fillSlots({ ...job, itemVersion: 1, slots: [] }),
      client.getStatus(job),
      client.getDownload(job),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === 'fulfilled') expect(JSON.stringify(outcome.value)).not.toContain(KEY);
      else {
        expect(isGoalLaneError(outcome.reason)).toBe(true);
        expectClean(everythingOf(outcome.reason));
      }
    }
    expect(lines.length).toBeGreaterThanOrEqual(calls.length);
    expectClean(lines.join(''));
    client.close();
    await server.close();
  });

  it('by the error text of a failed job', async () => {
    const server = await serve((_request, response) =>
      json(response, 200, { status: 'failed', error: echo }),
    );
    const client = createGoalClient({ apiKey: KEY, baseUrl: server.url, transport: createNodeTransport() });
    expect((await client.getStatus(job)).error).toContain('Bearer [redacted]');
    client.close();
    await server.close();
  });

  it.each([
    [
      'a refusal',
      (_request, response) => void response.writeHead(403).end(`<Error><Message>${echo}</Message></Error>`),
    ],
    ['a refusal in JSON', (_request, response) => json(response, 403, { error: 'x', message: echo })],
    ['a reset', (_request, response) => void response.socket?.resetAndDestroy()],
    [
      'a redirect that leads nowhere',
      (_request, response) => void response.writeHead(302, { Location: 'ftp://x' }).end(),
    ],
  ] satisfies [string, Handler][])('by %s of storage', async (_name, handler) => {
    const storage = await serve(handler);
    const { logger, lines } = recorder();
    const common = { apiKey: KEY, transport: createNodeTransport(), logger };
    const client = createGoalClient({ ...common, baseUrl: storage.url });
    const url = `${storage.url}/b/x.zip?X-Amz-Signature=${encodeURIComponent(SIGNATURE)}`;
    const error = await client.fetchResult({ url }).catch((reason: unknown) => reason);
    expect(isGoalLaneError(error)).toBe(true);
    expectClean(everythingOf(error));
    expectClean(lines.join(''));
    expect(JSON.stringify(storage.seen.map(({ headers }) => headers))).not.toContain(KEY);
    client.close();
    await storage.close();
  });

  it('by the log of a whole job, which has method, path, status and time of each call', async () => {
    const storage = await serve((_request, response) => void response.end('bytes'));
    const api = await coverLetterApi(storage.url);
    const { logger, lines } = recorder();
    const common = { apiKey: KEY, baseUrl: api.url, logger, clock: virtualTime(), outDir: '/nowhere' };
    const saveResult = async () => ({ file: 'x', bytes: 1, sha256: 'x' });
    const handle = runGoalJob({ ...common, jobSpecId: 'job_789', ports: { saveResult } });
    await handle.result();
    const calls = lines.map((line) => JSON.parse(line)).filter((line) => line.msg === 'reply');
    expect(calls.length).toBeGreaterThan(2);
    for (const call of calls) {
      expect(call).toMatchObject({
        method: expect.stringMatching(/^(GET|POST|PATCH)$/),
        path: expect.stringMatching(/^\/jobs\/goal\/job_789/),
        status: expect.any(Number),
        ms: expect.any(Number),
        job: handle.id,
      });
    }
    expect(lines.join('')).not.toContain('topsecret');
    expectClean(lines.join(''));
    await Promise.all([api.close(), storage.close()]);
  });

  it('by a host that logs its options, with the paths that we export', () => {
    const { logger, lines } = recorder({ redact: [...redactionPaths] });
    const headers = { Authorization: `Bearer ${KEY}` };
    logger.info(
      { apiKey: KEY, options: { apiKey: KEY }, headers, config: { headers }, authorization: KEY },
      'x',
    );
    logger.info({ url: signed, download: { url: signed }, output: { download: { url: signed } } }, 'x');
    expect(lines).toHaveLength(2);
    expectClean(lines.join(''));
  });
});

describe('redaction', () => {
  it('blots out the query of a URL and what is given, however it is written', () => {
    const text = `at https://s.example/a?sig=abc, HTTP://S.EXAMPLE/b?x; key aaaa/bbbb, or aaaa%2Fbbbb; token=abcdef&y=1`;
    expect(createRedactor(['aaaa/bbbb']).shown(text)).toBe(
      'at https://s.example/a?[redacted] HTTP://S.EXAMPLE/b?[redacted] key [redacted], or [redacted]; token=[redacted]&y=1',
    );
  });

  it('leaves of a URL its origin and the plain name of its file', () => {
    expect(redactUrl('https://me:pw@s.example/a/b.zip?sig=abc#d')).toBe('https://s.example/…/b.zip');
    expect(redactUrl('/a/b?sig=abc')).toBe('[redacted]');
  });
});
