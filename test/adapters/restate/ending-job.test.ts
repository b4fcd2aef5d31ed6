import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFleetClient } from '../../../src/adapters/restate/index.js';

/** More often than a job is looked for that the engine does not show at all. */
const TIMES = 25;

const ENDED = {
  keyId: 'default',
  createdAt: 1,
  endedAt: 2,
  output: { status: 'completed', jobSpecId: 'job_1' },
  view: { state: 'completed', path: 'completed', tags: [], files: [], retention: {} },
  events: [],
};

/** An engine whose workers are away while they should store how a job has ended. */
describe('a job that has ended while the workers are away', () => {
  let server: Server;
  let base = '';

  beforeAll(async () => {
    let asked = 0;
    server = createServer((request, response) => {
      const say = (status: number, body: unknown): void =>
        void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      const url = request.url ?? '';
      if (url.endsWith('/events')) return say(200, { isThere: false, events: [] });
      if (!url.includes('/completed/')) return say(404, {});
      asked += 1;
      return asked < TIMES ? say(470, {}) : say(200, ENDED);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    // Boundary: a server that listens on a port has an address of this kind.
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it('is not one that the engine does not hold: its end is waited for', async () => {
    const job = createFleetClient({ ingress: base }).job('job');
    expect(await job.result()).toMatchObject({ status: 'completed' });
  });
});
