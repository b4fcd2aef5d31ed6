import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ZIP } from './attack-lib.js';
import { caseSite, shown } from './case-site.js';
import type { SharedCase } from './play-all.js';

interface EarlyServer {
  readonly baseUrl: string;
  readonly seen: { uploads: number; uploaded: number; created: number; polls: number };
  close(): Promise<void>;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const ENDINGS = ['catalog', '/jobs/goal', 'confirm', 'status', 'download', '/st'] as const;

/** As the server of the case: an upload is answered after its first bytes, everything else as it should be. */
async function startEarlyServer(pollsToEnd: number): Promise<EarlyServer> {
  const seen = { uploads: 0, uploaded: 0, created: 0, polls: 0 };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (url.endsWith('/upload')) {
      seen.uploads += 1;
      request.once('data', () => setTimeout(() => send(response, 200, { file_id: 'f1' }), 30));
      request.on('data', (chunk: Buffer) => {
        seen.uploaded += chunk.length;
      });
      return;
    }
    request.resume().on('end', () => {
      switch (ENDINGS.find((ending) => url.endsWith(ending))) {
        case 'catalog':
          return send(response, 200, [{ spec_id: 'wf' }]);
        case '/jobs/goal':
          seen.created += 1;
          return send(response, 201, { jobSpecId: 'j', itemVersion: 1, slots: [] });
        case 'confirm':
          return send(response, 202, {});
        case 'status': {
          seen.polls += 1;
          const status = seen.polls > pollsToEnd ? 'completed' : 'executing';
          return send(response, 200, { status, progress: seen.polls });
        }
        case 'download':
          return send(response, 200, { url: `http://${request.headers.host}/st`, filename: 'o.zip' });
        default:
          response.end(ZIP);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { baseUrl: `http://127.0.0.1:${port}/api/v1`, seen, close };
}

const BYTES = 200 * 1024 * 1024;

/** A file that takes no room on the disk. */
function makeLarge(path: string): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, BYTES);
  closeSync(file);
}

const early: SharedCase = {
  name: 'b/18-early-2xx-to-an-upload 200 MB',
  async play(dir) {
    const server = await startEarlyServer(0);
    try {
      const site = caseSite(dir, server.baseUrl);
      makeLarge(join(dir, 'b.pdf'));
      const run = await site.run(['run', 'wf', 'b.pdf', '--json', '--no-input', '--max-wait', '10']);
      // Either it was no upload, or every byte of it was sent after all.
      const isWhole = server.seen.uploaded >= BYTES;
      if (!isWhole) expect(server.seen.created, shown(run)).toBe(0);
      if (!isWhole) expect(run.exit, shown(run)).not.toBe(0);
      expect(run.exit, shown(run)).not.toBe(1);
    } finally {
      await server.close();
    }
  },
};

/** The file of the store is deleted while a job runs: the user gets an error. */
const removed: SharedCase = {
  name: 'b/18-early-2xx-to-an-upload the store is removed meanwhile',
  async play(dir) {
    const server = await startEarlyServer(6);
    try {
      const site = caseSite(dir, server.baseUrl);
      const watching = setInterval(() => {
        if (server.seen.polls < 2) return;
        clearInterval(watching);
        for (const name of readdirSync(dir)) if (name.startsWith('jobs.db')) rmSync(join(dir, name));
      }, 20);
      const run = await site.run(['run', 'wf', 'in.txt', '--json', '--no-input']);
      expect(run.stderr, shown(run)).toMatch(/warning.*store/i);
    } finally {
      await server.close();
    }
  },
};

export const earlyUploads: readonly SharedCase[] = [removed, early];
