import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../src/adapters/node/index.js';
import { createGoalClient, type GoalClientOptions } from '../../src/services/index.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const KEY = 'key-0123456789abcdef';
const DOORS: ReadonlyArray<readonly [string, GoalClientOptions]> = [
  ['fetch', { fetch: globalThis.fetch }],
  ['axios', {}],
  ['the transport of Node', { transport: createNodeTransport() }],
];

describe('a read that is sent on within the origin', () => {
  let api: TestServer;
  beforeAll(async () => {
    api = await serve(({ path }, response) => {
      if (path === '/again') return json(response, 200, { status: 'executing' });
      response.writeHead(302, { Location: `http://user:word@127.0.0.1:${api.port}/again` }).end();
    });
  });
  afterAll(() => api.close());

  it.each(DOORS)(
    'continues with the same credentials by %s, not with those in the URL',
    async (_door, options) => {
      const client = createGoalClient({ apiKey: KEY, baseUrl: `${api.url}/api/v1`, ...options });
      expect(await client.getStatus({ jobSpecId: 'job_1' })).toMatchObject({ status: 'executing' });
      client.close();
      expect(api.seen.at(-1)).toMatchObject({ path: '/again', headers: { authorization: `Bearer ${KEY}` } });
    },
  );
});
