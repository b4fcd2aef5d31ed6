import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { type Handler, json, serve } from '../support/http-server.js';
import { KEY, withSample } from './sample-client.js';

const job = { jobSpecId: 'job_789' };
const create = (client: GoalClient) => client.createJob({ workflowId: 'w', fileIds: ['f'] });
const send =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const HTML =
  '<html><head><style>b{}</style><title>Oops</title></head><body><h1>Bad\u0007 Gateway</h1></body></html>';

describe('a status and a body as a failure', () => {
  it.each([
    [400, 'invalid-transition', 'refused'],
    [401, 'key-refused', 'refused'],
    [403, 'key-refused', 'refused'],
    [404, 'not-found', 'refused'],
    [405, 'rejected', 'refused'],
    [408, 'server', 'unknown'],
    [409, 'version-conflict', 'refused'],
    [410, 'gone', 'refused'],
    [413, 'rejected', 'refused'],
    [422, 'validation', 'refused'],
    [425, 'server', 'refused'],
    [429, 'rate-limited', 'refused'],
    [499, 'server', 'unknown'],
    [500, 'server', 'unknown'],
    [502, 'server', 'unknown'],
    [503, 'server', 'unknown'],
    [504, 'server', 'unknown'],
  ])('%i is %s, and of a create: %s', (status, kind, delivery) =>
    withSample(send(status, '{"error":"the_error","message":"the message","code":1}'), async ({ client }) => {
      const failure = await failureOf(create(client));
      expect(failure).toMatchObject({ kind, delivery, method: 'POST', path: '/jobs/goal', status });
      expect(failure.message).toContain(`POST /jobs/goal answered ${status}`);
      expect(failure.advice).not.toBe('');
    }),
  );

  it.each([400, 404, 409])('%i before there is a job names nothing of a job', (status) =>
    withSample(send(status, '{"error":"the_error","message":"the message","code":1}'), async ({ client }) => {
      const { advice } = await failureOf(create(client));
      expect(advice).toContain('start again');
      expect(advice).not.toMatch(/the id|job again|item version/i);
      expect((await failureOf(client.getJob(job))).advice).not.toContain('start again');
    }),
  );

  it('carries what the server said', () =>
    withSample(
      send(
        409,
        '{"error":"version_conflict","message":"itemVersion mismatch: expected 5, got 3","code":409}',
      ),
      async ({ client }) => {
        expect(await failureOf(client.fillSlots({ ...job, itemVersion: 3, slots: [] }))).toMatchObject({
          serverError: 'version_conflict',
          serverMessage: 'itemVersion mismatch: expected 5, got 3',
          message:
            'PATCH /jobs/goal/job_789/slots answered 409 (version_conflict: itemVersion mismatch: expected 5, got 3)',
        });
      },
    ));

  it.each([
    ['nothing', '', 'validation'],
    ['an object without words', '{}', 'validation'],
    ['a page', HTML, 'network'],
    ['a word', 'Unprocessable', 'network'],
  ])('a 422 that names no field asks a person only if the API may have sent it: %s', (_name, body, kind) =>
    withSample(send(422, body), async ({ client }) => {
      const failure = await failureOf(client.fillSlots({ ...job, itemVersion: 1, slots: [] }));
      expect(failure).toMatchObject({ kind });
    }),
  );

  it('shows HTML as one harmless line', () =>
    withSample(send(502, HTML), async ({ client }) => {
      expect((await failureOf(client.getStatus(job))).serverMessage).toBe('Oops Bad Gateway');
    }));

  it.each([
    ['a list', [{ field: 'slots[0].value', message: 'too long' }]],
    ['a list in other words', [{ loc: ['slots', 0, 'value'], msg: 'too long' }]],
    ['a map', { 'slots.0.value': ['too long'] }],
  ])('gives the errors of a 422 field by field, sent as %s', (_name, errors) =>
    withSample(
      (_request, response) => json(response, 422, { error: 'validation_error', message: 'no', errors }),
      async ({ client }) => {
        const failure = await failureOf(client.fillSlots({ ...job, itemVersion: 1, slots: [] }));
        expect(failure.fieldErrors).toEqual([
          { field: expect.stringMatching(/^slots[.[]0\]?\.value$/), message: 'too long' },
        ]);
        expect(failure.message).toContain('too long');
      },
    ),
  );
});

describe('a success that cannot be understood', () => {
  it.each([
    ['nothing', ''],
    ['half of it', '{"jobSpecId": "job_7'],
    ['a job without an id', '{"status":"pending"}'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('%s: of a create it cannot be known what was done', (_name, body) =>
    withSample(send(200, body), async ({ client }) => {
      expect(await failureOf(create(client))).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
    }),
  );

  it('a body that broke off', () =>
    withSample(
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('{"jobSpecId": "job_7');
        setTimeout(() => response.destroy(), 5);
      },
      async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
        expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'bad-response' });
      },
    ));

  it('a refusal that broke off is a refusal, but of a create it is not known whose', () =>
    withSample(
      (_request, response) => {
        response.writeHead(409, { 'Content-Length': '100' });
        response.write('{"error": "vers');
        setTimeout(() => response.destroy(), 5);
      },
      async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({
          kind: 'version-conflict',
          delivery: 'unknown',
        });
      },
    ));

  it('a body that is nested beyond measure', () =>
    withSample(
      send(
        200,
        `{"jobSpecId":"j","slots":[{"slotId":"s","value":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`,
      ),
      async ({ client }) => {
        const outcome = await create(client).catch((error: unknown) => failureOf(Promise.reject(error)));
        expect('jobSpecId' in outcome || outcome.kind === 'bad-response').toBe(true);
      },
    ));
});

describe('no reply', () => {
  const nowhere = (baseUrl: string, more: object = {}) =>
    createGoalClient({ apiKey: KEY, baseUrl, transport: createNodeTransport(), ...more });

  it('a connection that is refused: nothing was sent', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const failure = await failureOf(create(nowhere(server.url)));
    expect(failure).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
      method: 'POST',
      path: '/jobs/goal',
    });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it('a name that leads nowhere: nothing was sent', async () => {
    const failure = await failureOf(create(nowhere('http://no-such-host.invalid')));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
  });

  it('a reset after the request: it may have been acted upon', () =>
    withSample(
      (_request, response) => void response.socket?.resetAndDestroy(),
      async ({ client }) => {
        expect(await failureOf(create(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
      },
    ));

  it('a server that speaks no HTTP', async () => {
    const server = createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const failure = await failureOf(create(nowhere(`http://127.0.0.1:${port}`)));
    server.close();
    expect(failure).toMatchObject({ delivery: 'unknown' });
    expect(['bad-response', 'network']).toContain(failure.kind);
  });

  it('a socket that hangs ends at its time, and is closed', () =>
    withSample(
      () => undefined,
      async ({ client, server }) => {
        const failure = await failureOf(create(client));
        expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
        expect(failure.message).toBe('POST /jobs/goal got no whole reply within 60 ms');
        await expect.poll(() => server.sockets.size).toBe(0);
      },
      { requestTimeoutMs: 60 },
    ));

  it('a reply that drips ends at its time too', () =>
    withSample(
      (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(drip));
      },
      async ({ client }) => {
        expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'network' });
      },
      { requestTimeoutMs: 100 },
    ));

  it('a signal: the socket is closed, and the failure says so', () =>
    withSample(
      () => undefined,
      async ({ client, server }) => {
        const controller = new AbortController();
        const call = failureOf(client.getStatus(job, { signal: controller.signal }));
        await expect.poll(() => server.seen.length).toBe(1);
        controller.abort();
        expect(await call).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
        await expect.poll(() => server.sockets.size).toBe(0);
      },
    ));

  it('a signal that has come before: nothing is sent', () =>
    withSample(
      () => undefined,
      async ({ client, server }) => {
        const failure = await failureOf(client.getStatus(job, { signal: AbortSignal.abort() }));
        expect(failure).toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
        expect(server.connections()).toBe(0);
      },
    ));
});

describe('connections', () => {
  it('are kept for the next call, except for the create, which must not meet one that is being closed', () =>
    withSample(
      (_request, response) => json(response, 200, { jobSpecId: 'j', status: 'executing' }),
      async ({ client, server }) => {
        await client.getStatus(job);
        await client.getStatus(job);
        expect(server.connections()).toBe(1);
        await create(client);
        expect(server.connections()).toBe(2);
        client.close();
        await expect.poll(() => server.sockets.size).toBe(0);
      },
    ));
});

describe('redirects', () => {
  it('of a GET are followed within the origin', () =>
    withSample(
      ({ path }, response) =>
        path.endsWith('/moved')
          ? json(response, 200, { status: 'executing' })
          : void response.writeHead(307, { Location: 'moved' }).end(),
      async ({ client, server }) => {
        expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
        expect(server.seen[1]?.path).toBe('/api/v1/jobs/goal/job_789/moved');
      },
    ));

  it('never carry the key to another origin', async () => {
    const elsewhere = await serve((_request, response) => json(response, 200, { status: 'completed' }));
    await withSample(
      (_request, response) => void response.writeHead(302, { Location: `${elsewhere.url}/x` }).end(),
      async ({ client }) => {
        const failure = await failureOf(client.getStatus(job));
        expect(failure).toMatchObject({ kind: 'network', status: 302, speaker: 'portal' });
        expect(failure.message).toContain("the API's origin and nowhere else");
      },
    );
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });

  it('in a circle end', () =>
    withSample(
      (_request, response) => void response.writeHead(302, { Location: '/api/v1/again' }).end(),
      async ({ client, server }) => {
        expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'network' });
        expect(server.seen.length).toBeLessThan(6);
      },
    ));

  it.each([302, 303, 304, 307, 308])(
    'of a create with %i are not followed, and it may have been acted upon',
    (status) =>
      withSample(
        (_request, response) => void response.writeHead(status, { Location: '/api/v1/jobs/goal' }).end(),
        async ({ client, server }) => {
          expect(await failureOf(create(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
          expect(server.seen).toHaveLength(1);
        },
      ),
  );
});
