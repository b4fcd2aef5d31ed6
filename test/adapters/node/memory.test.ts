import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { json, serve } from '../../support/http-server.js';

const MB = 1024 * 1024;
const BYTES = 384 * MB;
/** Of a process that streams; one that holds the file grows by all of it. What a socket reads lies about until V8 collects it, up to some 64 MB. */
const BOUND = 128 * MB;

let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-memory-'));
  await build({
    entryPoints: [fileURLToPath(new URL('./memory-child.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    // axios has requires inside.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile: join(dir, 'child.mjs'),
  });
  const file = await open(join(dir, 'big.bin'), 'w');
  await file.truncate(BYTES);
  await file.close();
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function grownBy(...about: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'child.mjs'), ...about]);
  return z.object({ grown: z.number() }).parse(JSON.parse(stdout)).grown;
}

describe('memory', () => {
  it(`stays under ${BOUND / MB} MB for an upload of ${BYTES / MB} MB`, async () => {
    let received = 0;
    const server = await serve(
      async (_request, response, raw) => {
        for await (const chunk of raw) received += chunk.length;
        json(response, 200, { file_id: 'f' });
      },
      { readsBody: false },
    );
    expect(await grownBy('up', server.url, join(dir, 'big.bin'))).toBeLessThan(BOUND);
    expect(received).toBeGreaterThan(BYTES);
    await server.close();
  }, 60_000);

  it(`stays under ${BOUND / MB} MB for a result of ${BYTES / MB} MB`, async () => {
    const chunk = Buffer.alloc(MB);
    const server = await serve(async (request, response) => {
      if (request.path === '/little') return void response.end('little');
      response.writeHead(200, { 'Content-Length': String(BYTES) });
      for (let sent = 0; sent < BYTES; sent += MB) {
        await new Promise((resolve) => response.write(chunk, resolve));
      }
      response.end();
    });
    const out = join(dir, 'out');
    expect(await grownBy('down', server.url, out)).toBeLessThan(BOUND);
    expect((await stat(join(out, 'big.txt'))).size).toBe(BYTES);
    await server.close();
  }, 60_000);
});
