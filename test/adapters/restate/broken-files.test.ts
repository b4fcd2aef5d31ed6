import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putFile } from '../../../src/adapters/restate/files/put-file.js';
import { openUrl } from '../../../src/adapters/restate/files/remote-file.js';
import type { PutTarget } from '../../../src/adapters/restate/index.js';

const { signal } = new AbortController();

describe('a file of a host that cannot be read or written', () => {
  let server: Server;
  let origin = '';
  let folder = '';

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      const status = Number(request.url?.slice(1));
      if (request.method === 'GET') {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('the beginning', () => request.socket.destroy());
        return;
      }
      request.on('end', () => {
        response.writeHead(status, { Location: '/200' });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Boundary: a server that listens on a port has an address of this kind.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'goal-lane-put-'));
    await writeFile(join(folder, 'result.txt'), 'a result');
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (target: unknown): Promise<string> => {
    const about = { jobId: 'a', keyId: 'b', jobSpecId: 'c', name: 'result.txt', bytes: 8, sha256: '' };
    // Boundary: as a JavaScript host may return it.
    return putFile(join(folder, 'result.txt'), about, target as PutTarget, signal);
  };

  it.each([
    [200, undefined],
    [403, 'storage'],
    // A PUT follows none: what was signed is the URL that the host made.
    [307, 'storage'],
    [429, 'network'],
    [500, 'network'],
  ])('is put, or refused, or tried again after %i', async (status, kind) => {
    const url = `${origin}/${status}`;
    if (kind === undefined) expect(await put({ url })).toBe(url);
    else await expect(put({ url })).rejects.toMatchObject({ failure: { kind } });
  });

  it.each([undefined, null, 'a text', {}, { url: 7 }, { url: 'nowhere' }, { url: 'ftp://127.0.0.1/a' }])(
    'names the function of the host where its target is %j',
    async (target) => {
      await expect(put(target)).rejects.toMatchObject({
        failure: { kind: 'storage', message: expect.stringContaining('`results`') },
      });
    },
  );

  it.each([{ headers: { 'a\nb': 'c' } }, { headers: 'none' }, { name: 7 }, { name: { a: 1 } }, { name: '' }])(
    'names the function of the host where it adds %j',
    async (more) => {
      await expect(put({ url: `${origin}/200`, ...more })).rejects.toMatchObject({
        failure: { kind: 'storage', message: expect.stringContaining('`results`') },
      });
    },
  );

  it('is asked for with no user in a URL, which no error shows', async () => {
    const secret = origin.replace('//', '//name:sk_secret@');
    const file = { handle: 'a', name: 'a.txt', bytes: 100 };
    const uses = {
      storage: put({ url: `${secret}/200` }),
      file: openUrl(`${secret}/a.txt`, signal)(file, () => undefined),
    };
    for (const [kind, use] of Object.entries(uses)) {
      const error = await use.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ failure: { kind } });
      expect(JSON.stringify(error)).not.toContain('sk_secret');
    }
  });

  it('names the source that broke off', async () => {
    const file = { handle: origin, name: 'a.txt', bytes: 100 };
    const { data } = await openUrl(`${origin}/a.txt`, signal)(file, () => undefined);
    const read = async (): Promise<void> => {
      // Boundary: a stream of Node.
      for await (const _ of data as AsyncIterable<Uint8Array>);
    };
    await expect(read()).rejects.toMatchObject({
      failure: { kind: 'network', message: expect.stringMatching(/\/a\.txt: it broke off/) },
    });
  });
});
