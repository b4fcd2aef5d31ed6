import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../support/http-server.js';
import { answering, CATALOG, catalogWith, examined, KEY } from './examined.js';

const page = (html: string) => `<!doctype html><html><head>${html}</head><body></body></html>`;

describe('goal-lane doctor, asking the server', () => {
  it('sends one GET of the catalog and nothing else, and finds everything right', async () => {
    await answering(
      catalogWith({ 'X-RateLimit-Limit': '60', 'X-RateLimit-Remaining': '59' }),
      async (base, server) => {
        const { code, lines, of } = await examined({ CONVILYN_BASE_URL: base });
        expect(code).toBe(0);
        expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
          'GET /api/v1/workflows/catalog',
        ]);
        expect(lines.filter(({ mark }) => mark === 'wrong')).toEqual([]);
        expect(lines.at(-1)).toMatchObject({ type: 'completed', exitCode: 0 });
        expect(of('answered-by')?.text).toContain('1 workflows');
        expect(of('key-accepted')).toMatchObject({ mark: 'ok' });
        expect(of('limits')?.text).toContain('59 of 60 requests left');
        expect(of('latency')?.text).toMatch(/^\d+ ms/);
      },
    );
  });

  it('reports how many requests are left where the reply does not say of how many', async () => {
    await answering(catalogWith({ 'X-RateLimit-Remaining': '59' }), async (base) => {
      const { of } = await examined({ CONVILYN_BASE_URL: base });
      expect(of('limits')?.text).toMatch(/^59 requests left/);
    });
  });

  it.each([
    ['the API refuses the key', 401, { error: 'unauthorized', message: 'no' }, {}, 4, 'key-accepted', /./],
    ['a server error', 500, { error: 'internal_error', message: 'no' }, {}, 7, 'answered-by', /./],
    ['another server', 404, { error: 'not_found', message: 'no' }, {}, 7, 'answered-by', /./],
  ])('reports that %s, with advice', async (_, status, body, headers, exitCode, check, text) => {
    await answering(
      (_request, response) => json(response, status, body, headers),
      async (base, server) => {
        const { code, of, lines } = await examined({ CONVILYN_BASE_URL: base });
        expect(code).toBe(exitCode);
        expect(of(check)).toMatchObject({ mark: 'wrong', text: expect.stringMatching(text), exitCode });
        expect(of(check)?.cure).toMatch(/\w/);
        expect(lines.at(-1)).toMatchObject({ type: 'error', exitCode });
        expect(server.seen).toHaveLength(1);
      },
    );
  });

  it.each([
    ['a login page', 200, page('<title>Wi-Fi log in</title>'), {}, /login page/],
    [
      "a CDN's challenge",
      403,
      page('<title>Just a moment...</title>'),
      { 'cf-mitigated': 'challenge' },
      /a CDN/,
    ],
    ['a gateway', 502, '<html><h1>502 Bad Gateway</h1></html>', { Server: 'nginx' }, /gateway/],
  ])('knows %s for what it is', async (_, status, html, headers, text) => {
    await answering(
      (_request, response) => {
        response.writeHead(status, { 'Content-Type': 'text/html', ...headers });
        response.end(html);
      },
      async (base) => {
        const { code, of } = await examined({ CONVILYN_BASE_URL: base });
        expect(code).toBe(7);
        expect(of('answered-by')).toMatchObject({ mark: 'wrong', text: expect.stringMatching(text) });
        expect(of('key-accepted')).toBeUndefined();
      },
    );
  });

  it('says which proxy is used, without its password, and that it answers itself', async () => {
    const proxy = await serve((_, response) => {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="p"', 'Content-Type': 'text/html' });
      response.end('<html>Proxy authentication required</html>');
    });
    try {
      const env = {
        CONVILYN_BASE_URL: 'http://api.example.test/api/v1',
        HTTP_PROXY: `http://user:secret-of-proxy@127.0.0.1:${proxy.port}`,
      };
      const { code, of, stdout } = await examined(env);
      expect(code).toBe(7);
      expect(of('base-url')).toMatchObject({ mark: 'warning' });
      expect(of('network')?.text).toContain(`through the proxy http://127.0.0.1:${proxy.port}`);
      expect(of('answered-by')).toMatchObject({
        mark: 'wrong',
        text: expect.stringContaining('a proxy answers'),
      });
      expect(stdout).not.toContain('secret-of-proxy');
      expect(proxy.seen).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  it('says that no server listens, and what NO_PROXY does', async () => {
    const { port, close } = await serve(() => undefined);
    await close();
    const { code, of } = await examined({
      CONVILYN_BASE_URL: `http://127.0.0.1:${port}/api/v1`,
      HTTP_PROXY: 'http://127.0.0.1:9',
    });
    expect(code).toBe(7);
    expect(of('answered-by')?.text).toContain('there is no answer');
    expect(of('network')?.text).toContain('not through the proxy');
  });

  it('names the proxy where nothing answers at it', async () => {
    const { of } = await examined({
      CONVILYN_BASE_URL: 'http://api.example.invalid/api/v1',
      HTTP_PROXY: 'http://user:secret-of-proxy@127.0.0.1:9',
    });
    expect(of('answered-by')).toMatchObject({
      mark: 'wrong',
      exitCode: 7,
      cure: expect.stringMatching(/^Check the proxy http:\/\/127\.0\.0\.1:9, which HTTPS_PROXY/),
    });
  });

  it('says of a proxy variable that it names none', async () => {
    const { code, of } = await examined({
      CONVILYN_BASE_URL: 'https://api.example.test/api/v1',
      HTTPS_PROXY: 'socks5://127.0.0.1:1080',
    });
    expect(code).toBe(7);
    expect(of('network')).toMatchObject({ mark: 'wrong', text: expect.stringContaining('HTTPS_PROXY') });
  });

  it('distinguishes an untrusted certificate from an unreachable server', async () => {
    const pem = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    const server = createServer({ key: pem.private, cert: pem.cert }, (_, response) => response.end()).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    // A server that listens on TCP has an address with a port.
    const { port } = server.address() as AddressInfo;
    try {
      const { code, of } = await examined({ CONVILYN_BASE_URL: `https://127.0.0.1:${port}/api/v1` });
      expect(code).toBe(7);
      expect(of('tls')).toMatchObject({
        mark: 'wrong',
        cure: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    // The header has whole seconds, and one may pass before it is read.
    [3_600_000, /(1 h|59 min \d+ s) behind/],
    [-3_600_000, /ahead of/],
  ])('measures the clock against a server whose own is %i ms off', async (offMs, text) => {
    const date = new Date(Date.now() + offMs).toUTCString();
    await answering(catalogWith({ Date: date }), async (base) => {
      const { code, of } = await examined({ CONVILYN_BASE_URL: base });
      expect(code).toBe(0);
      expect(of('clock')).toMatchObject({ mark: 'warning', text: expect.stringMatching(text) });
    });
  });

  it.each([
    ['30', /seconds from now/, 'ok'],
    [String(Math.floor(Date.now() / 1_000) + 30), /epoch seconds/, 'ok'],
    [String(Date.now() + 30_000), /epoch milliseconds/, 'ok'],
    [new Date(Date.now() + 30_000).toISOString(), /a date/, 'ok'],
    ['soon', /cannot be understood/, 'warning'],
  ])('says which form X-RateLimit-Reset %s has', async (reset, text, mark) => {
    const headers = { 'X-RateLimit-Limit': '60', 'X-RateLimit-Remaining': '7', 'X-RateLimit-Reset': reset };
    await answering(catalogWith(headers), async (base) => {
      const { of } = await examined({ CONVILYN_BASE_URL: base });
      expect(of('limits')).toMatchObject({ mark, text: expect.stringMatching(text) });
    });
  });

  it('never shows the key, even where the server repeats it', async () => {
    const echo = { error: 'unauthorized', message: `the key ${KEY} is unknown` };
    await answering(
      (_, response) => json(response, 401, echo, { 'X-RateLimit-Reset': KEY }),
      async (base) => {
        const { stdout } = await examined({ CONVILYN_BASE_URL: base });
        expect(stdout).toContain('key-accepted');
        expect(stdout).not.toContain(KEY);
      },
    );
  });

  it('lists a catalog that was answered on IPv6, too', async () => {
    const server = await serve((_, response) => json(response, 200, CATALOG), { host: '::1' });
    try {
      const { code } = await examined({ CONVILYN_BASE_URL: `${server.url}/api/v1` });
      expect(code).toBe(0);
    } finally {
      await server.close();
    }
  });
});
