import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFleetClient, type FleetClient } from '../../../src/adapters/restate/index.js';

/** How an engine answers that has no job with this id, or stands behind a gateway that does not let a client through. */
describe('a job that the engine does not have', () => {
  let server: Server;
  let client: FleetClient;
  let isBarred = false;

  beforeEach(async () => {
    isBarred = false;
    server = createServer((request, response) => {
      request.resume();
      const answer = (status: number, body: object): void => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (isBarred) answer(403, { message: 'who are you?' });
      else if (request.url?.endsWith('/send')) answer(200, { isTaken: false });
      else if (request.url?.endsWith('/events')) answer(200, { isThere: false, events: [] });
      else answer(404, { message: 'not found' });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Boundary: a server that listens on a port has an address of this kind.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = createFleetClient({ ingress: url, admin: url });
  });
  afterEach(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });

  it('takes no command and no values in silence', async () => {
    const job = client.job('nobody');
    const asked = [job.send({ type: 'CONFIRM' }), job.confirm(), job.submitSlots({ a: 'b' }), job.result()];
    for (const { status, reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toMatchObject({ failure: { kind: 'not-found' } });
    }
  });

  it('is not waited for behind a gateway that refuses the client', async () => {
    isBarred = true;
    const waits = [client.job('nobody').result(), client.start({ workflowId: 'w', files: ['/tmp/a.txt'] })];
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ failure: { kind: 'rejected' } });
  });
});
