import { describe, expect, it } from 'vitest';
import type { GoalClient } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Handler } from '../support/http-server.js';
import { withSample } from './sample-client.js';

type Headers = Readonly<Record<string, string>>;

const SHAPE = '{"error":"the_error","message":"the message","code":1}';
const HTML = '<html><head><title>Oops</title></head><body>nginx</body></html>';
const LIMITS = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '30' };
const answer =
  (status: number, body: string, headers: Headers = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

const create = (client: GoalClient) => client.createJob({ workflowId: 'w', fileIds: ['f'] });

describe('law 1: a create is certainly not done', () => {
  it.each([400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 423, 425, 429, 451])(
    'where the API itself answers %i',
    (status) =>
      withSample(answer(status, SHAPE), async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ delivery: 'refused', speaker: 'api' });
      }),
  );

  it('where the API refuses with its limits and nothing else', () =>
    withSample(answer(429, '', LIMITS), async ({ client }) => {
      expect(await failureOf(create(client))).toMatchObject({
        ...{ kind: 'rate-limited', delivery: 'refused', speaker: 'api' },
        retryAt: expect.any(Number),
      });
    }));
});

describe('law 1: a create is certainly not done, whatever words may come in the refusal', () => {
  it.each([
    '{"error":"workflow_unavailable","message":"This workflow is unavailable","code":409}',
    '{"error":"validation_error","message":"timeout must be a number","code":422}',
    '{"error":"invalid_request","message":"internal links are not allowed","code":400}',
    '{"error":"bad_request","code":40017,"message":"x"}',
    '{"error":"bad_request","code":{"toString":1},"status":"failed","message":"x"}',
  ])('%s', (body) =>
    withSample(answer(409, body), async ({ client }) => {
      expect(await failureOf(create(client))).toMatchObject({ delivery: 'refused', speaker: 'api' });
    }),
  );

  it('a limit that is shut, even where its server is called unavailable', () =>
    withSample(answer(429, '{"error":"service_unavailable"}', LIMITS), async ({ client }) => {
      expect(await failureOf(create(client))).toMatchObject({ delivery: 'refused', kind: 'rate-limited' });
    }));
});

describe('law 1: it cannot be known whether a create was done', () => {
  it.each([408, 418, 420, 444, 460, 499, 500, 501, 502, 503, 504, 507, 520, 599, 799])(
    'where the API answers %i',
    (status) =>
      withSample(answer(status, SHAPE, LIMITS), async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ delivery: 'unknown', status });
      }),
  );

  it.each([
    ['a page', HTML, {}],
    ['nothing', '', {}],
    ['a word', 'Forbidden', {}],
    ['half of JSON', '{"error":', {}],
    ['JSON of no shape', '{}', {}],
    ['a challenge as JSON', '{"appId":"PX1","blockScript":"/x.js","message":"x"}', {}],
    ['a challenge with the API shape', SHAPE, { 'cf-mitigated': 'challenge' }],
    ['a proxy with the API shape', SHAPE, { 'Proxy-Authenticate': 'Basic' }],
  ])('where any 4xx brings %s', async (_name, body, headers) => {
    for (const status of [400, 401, 403, 404, 405, 407, 409, 413, 422, 429]) {
      await withSample(answer(status, body, headers), async ({ client }) => {
        const failure = await failureOf(create(client));
        expect(failure).toMatchObject({ delivery: 'unknown', status });
        expect(failure.speaker).not.toBe('api');
      });
    }
  });

  it.each([
    ['{"error":"internal_error","message":"Something went wrong","code":405}'],
    ['{"error":"InternalServerError","message":"x","code":400}'],
    ['{"error":"INTERNAL_ERROR"}'],
    ['{"error":{"code":"server_error","message":"x"}}'],
    ['{"message":"Internal server error."}'],
    ['{"error":"gateway_timeout","message":"x"}'],
    ['{"error":"service_unavailable","message":"x"}'],
    ['{"error":"the_error","message":"the message","code":500}'],
    ['{"error":"the_error","message":"the message","code":"504"}'],
    ['{"title":"Oops","status":500}'],
    ['{"error":{"code":408,"message":"x"}}'],
  ])('where a 4xx of the API speaks of its own trouble: %s', async (body) => {
    for (const status of [400, 403, 405, 409, 422]) {
      await withSample(answer(status, body, LIMITS), async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ delivery: 'unknown', speaker: 'api' });
      });
    }
  });

  it.each([
    ['a page', HTML],
    ['nothing', ''],
    ['a word', 'Forbidden'],
    ['JSON of no shape', '{}'],
  ])('where only the limit headers are of the API, and it says %s', async (_name, body) => {
    for (const status of [400, 403, 404, 405, 409, 422])
      await withSample(answer(status, body, LIMITS), async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ delivery: 'unknown', status });
      });
  });

  it.each([
    ['a login page', 200, HTML],
    ['an id that no URL can carry', 201, '{"jobSpecId":"job_\\ud800","status":"pending"}'],
    ['no content', 204, ''],
  ])('where a success brings %s', (_name, status, body) =>
    withSample(answer(status, body), async ({ client }) => {
      expect(await failureOf(create(client))).toMatchObject({ delivery: 'unknown' });
    }),
  );
});

describe('law 8: a refusal that is not of the API', () => {
  const reads: readonly (readonly [string, (client: GoalClient) => Promise<unknown>])[] = [
    ['the catalog', (client) => client.loadCatalog()],
    ['the job', (client) => client.getJob({ jobSpecId: 'j' })],
    ['the status', (client) => client.getStatus({ jobSpecId: 'j' })],
    ['the download', (client) => client.getDownload({ jobSpecId: 'j' })],
    ['a PATCH', (client) => client.fillSlots({ jobSpecId: 'j', itemVersion: 1, slots: [] })],
    ['a confirm', (client) => client.confirmJob({ jobSpecId: 'j', itemVersion: 1 })],
    ['a create', create],
  ];

  it.each(reads)('is trouble on the way for %s, with the advice for its sender', async (_name, call) => {
    const cases = [
      ['cdn', 403, HTML, { 'cf-mitigated': 'challenge' }, /challenge/],
      ['proxy', 407, HTML, {}, /user and password of the proxy/],
      ['portal', 511, '', {}, /Log in to the network/],
      ['portal', 200, HTML, {}, /Log in to the network/],
      ['portal', 302, '', { Location: 'https://login.example/hotel?token=secret' }, /Log in/],
      ['gateway', 403, HTML, { Server: 'nginx' }, /base URL/],
      ['gateway', 401, 'Request blocked', {}, /in front of the API/],
      ['gateway', 403, '{"message":"Forbidden"}', {}, /in front of the API/],
      ['unknown', 403, '', {}, /it is unknown what answered/],
      ['unknown', 403, '{}', {}, /it is unknown what answered/],
      ['unknown', 403, '{"Message":"explicit deny"}', {}, /it is unknown what answered/],
    ] as const;
    for (const [speaker, status, body, headers, advice] of cases) {
      await withSample(answer(status, body, headers), async ({ client }) => {
        const failure = await failureOf(call(client));
        expect(failure).toMatchObject({ kind: 'network', speaker, status, delivery: 'unknown' });
        expect(failure.advice).toMatch(advice);
        expect(JSON.stringify(failure)).not.toContain('secret');
      });
    }
  });

  it('has the cure of a challenge also where it comes with a 503', () =>
    withSample(answer(503, '<title>Just a moment...</title>', {}), async ({ client }) => {
      expect(await failureOf(client.loadCatalog())).toMatchObject({
        ...{ kind: 'server', speaker: 'cdn' },
        advice: expect.stringMatching(/challenge/),
      });
    }));

  it('names the speaker, and what it said', () =>
    withSample(answer(403, HTML, { Server: 'cloudflare' }), async ({ client }) => {
      const { message } = await failureOf(client.getStatus({ jobSpecId: 'j' }));
      expect(message).toBe(
        'GET /jobs/goal/j/status answered 403, said by a CDN, not by the API (Oops nginx)',
      );
    }));

  it('does not shut the limit of the key, and its Retry-After is heard', () =>
    withSample(answer(429, HTML, { 'Retry-After': '40', Server: 'cloudflare' }), async ({ client }) => {
      const first = await failureOf(client.getStatus({ jobSpecId: 'j' }));
      expect(first).toMatchObject({ kind: 'network', speaker: 'cdn', retryAt: expect.any(Number) });
      expect((await failureOf(client.getStatus({ jobSpecId: 'j' }))).delivery).toBe('unknown');
    }));

  it('leaves a key refused that the API refuses, also where it says little', async () => {
    for (const [body, headers] of [
      [SHAPE, {}],
      ['{}', {}],
      ['', { 'WWW-Authenticate': 'Bearer' }],
      ['', LIMITS],
    ] as const)
      await withSample(answer(401, body, headers), async ({ client }) => {
        expect(await failureOf(client.getStatus({ jobSpecId: 'j' }))).toMatchObject({ kind: 'key-refused' });
      });
  });

  it('keeps what will not heal: a request too large for the way, a base URL that leads elsewhere', () =>
    withSample(
      ({ path }, response) =>
        void response.writeHead(path.endsWith('catalog') ? 404 : 413, { Server: 'nginx' }).end(HTML),
      async ({ client }) => {
        expect(await failureOf(client.loadCatalog())).toMatchObject({
          ...{ kind: 'not-found', speaker: 'gateway' },
          advice: expect.stringContaining('/api/v1'),
        });
        expect(await failureOf(client.getJob({ jobSpecId: 'j' }))).toMatchObject({ kind: 'rejected' });
      },
    ));
});
