import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveProxy } from './connect-proxy.js';

const NAME = 'api.goal-lane.test';
let dir = '';
let server: Server;
let port = 0;
let certificate: { readonly key: string; readonly cert: string };
let handshakes = 0;
let requests = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-tls-'));
  const { private: key, cert } = await generate([{ name: 'commonName', value: NAME }], {
    keyType: 'ec',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: NAME },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  certificate = { key, cert };
  await writeFile(join(dir, 'ca.pem'), cert);
  server = createServer({ key, cert }, (request, response) => {
    requests += 1;
    const isResult = request.url?.endsWith('.zip');
    request.resume().on('end', () => {
      if (isResult) response.end(Buffer.alloc(300_000));
      else response.end('{"status":"executing","jobSpecId":"job_1","itemVersion":1,"slots":[]}');
    });
  });
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  server.on('tlsClientError', () => undefined);
  // Both families of the loopback, where there are both.
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await build({
    entryPoints: [fileURLToPath(new URL('./tls-child.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile: join(dir, 'child.mjs'),
  });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Trusts the server's certificate unless configured otherwise. */
async function run(baseUrl: string, env: Record<string, string> = {}) {
  handshakes = 0;
  requests = 0;
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'child.mjs'), baseUrl, '10'], {
    env: { NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem'), ...env },
  });
  return JSON.parse(stdout);
}

describe('TLS', () => {
  it.each(['127.0.0.1', '[::1]'])(
    'needs one handshake for many polls and the result, and one more for the create, with %s',
    async (host) => {
      expect(await run(`https://${host}:${port}`)).toEqual({ jobSpecId: 'job_1', bytes: 300_000 });
      expect({ requests, handshakes }).toEqual({ requests: 12, handshakes: 2 });
    },
  );

  it('an untrusted certificate: nothing is sent, and the error names the setting that helps', async () => {
    const { failure } = await run(`https://127.0.0.1:${port}`, { NODE_EXTRA_CA_CERTS: '' });
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.advice).toContain('NODE_EXTRA_CA_CERTS');
    expect(requests).toBe(0);
  });

  it('a certificate of another name: nothing is sent', async () => {
    const { failure } = await run(`https://localhost:${port}`);
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(requests).toBe(0);
  });

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])(
    'through a proxy named by %s needs one tunnel and one handshake for many polls',
    async (variable) => {
      const proxy = await serveProxy(port);
      const outcome = await run(`https://${NAME}/api/v1`, { [variable]: proxy.url });
      expect(outcome).toEqual({ jobSpecId: 'job_1', bytes: 300_000 });
      expect({ requests, handshakes }).toEqual({ requests: 12, handshakes: 2 });
      expect(proxy.tunnels).toEqual([`${NAME}:443`, `${NAME}:443`]);
      await proxy.close();
    },
  );

  it('through a proxy that is spoken to over TLS itself', async () => {
    const proxy = await serveProxy(port, { tls: certificate });
    const outcome = await run(`https://${NAME}/api/v1`, { HTTPS_PROXY: proxy.url });
    expect(outcome).toEqual({ jobSpecId: 'job_1', bytes: 300_000 });
    expect(proxy.tunnels).toHaveLength(2);
    await proxy.close();
  });

  it('a proxy with an untrusted certificate: nothing is sent', async () => {
    const proxy = await serveProxy(port, { tls: certificate });
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: '' };
    const { failure } = await run(`https://${NAME}/api/v1`, env);
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(proxy.tunnels).toEqual([]);
    await proxy.close();
  });

  it('is trusted no more through a proxy than without one', async () => {
    const proxy = await serveProxy(port);
    const { failure } = await run(`https://other.goal-lane.test`, { HTTPS_PROXY: proxy.url });
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(requests).toBe(0);
    await proxy.close();
  });
});
