import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { callServer, fileForm } from './api-client.js';
import { rawRequest } from './raw-request.js';

const PAGE = 'http://localhost:5173';
const FOREIGN = 'https://attacker.example';

let now = Date.UTC(2026, 2, 30, 12);
let emulator: Emulator;
let download: string;

/** A job whose result holds what was uploaded. */
async function finishJob(): Promise<string> {
  const call = callServer(emulator.baseUrl, emulator.apiKey);
  const { file_id } = (await call('POST', '/upload', fileForm('a.txt', 'PRIVATE'))).body;
  const workflowId = 'goal_lane.media_archive';
  const { jobSpecId } = (await call('POST', '/jobs/goal', { workflowId, fileIds: [file_id] })).body;
  await call('POST', `/jobs/goal/${jobSpecId}/confirm`, { itemVersion: 1 });
  now += 60_000;
  return (await call('GET', `/jobs/goal/${jobSpecId}/download`)).body.url;
}

beforeAll(async () => {
  emulator = await startEmulator({ allowOrigins: [PAGE], clock: { now: () => now } });
  download = await finishJob();
});
afterAll(() => emulator.close());

const withKey = () => ({ authorization: `Bearer ${emulator.apiKey}` });
const catalog = (headers: Readonly<Record<string, string>>, method = 'GET') =>
  rawRequest(`${emulator.baseUrl}/workflows/catalog`, { method, headers: { ...withKey(), ...headers } });
const port = (): string => new URL(emulator.baseUrl).port;

describe('a page whose name was pointed at the loopback (DNS rebinding)', () => {
  it.each([
    'attacker.example',
    'attacker.example:80',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example',
    'localhost@attacker.example',
    '192.0.2.1',
  ])('learns nothing under the Host %s', async (host) => {
    const logged = emulator.log.length;
    for (const url of [`${emulator.baseUrl}/workflows/catalog`, download]) {
      const reply = await rawRequest(url, { headers: { ...(url === download ? {} : withKey()), host } });
      expect(reply.status).toBe(421);
      expect(JSON.parse(reply.text)).toMatchObject({ error: 'misdirected_request', code: 421 });
      expect(reply.text).not.toMatch(/spec_id|PRIVATE/);
    }
    expect(emulator.log).toHaveLength(logged);
  });

  it('is not helped by a second Host header that is right', async () => {
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port()), '127.0.0.1', () => {
        const hosts = ['127.0.0.1', 'attacker.example'].map((host) => `Host: ${host}\r\n`).join('');
        const authorization = `Authorization: Bearer ${emulator.apiKey}\r\n`;
        socket.write(
          `GET /api/v1/workflows/catalog HTTP/1.1\r\n${hosts}${authorization}Connection: close\r\n\r\n`,
        );
      });
      socket.on('error', reject);
      resolve(text(socket));
    });
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(said).not.toContain('spec_id');
  });

  it.each([
    ['127.0.0.1', (at: string) => `127.0.0.1:${at}`],
    ['localhost', (at: string) => `LOCALHOST:${at}`],
    ['a port that was forwarded', () => 'localhost:8080'],
    ['[::1]', (at: string) => `[::1]:${at}`],
  ])('does not keep programs out that say %s', async (_, host) => {
    expect((await catalog({ host: host(port()) })).status).toBe(200);
  });

  it('does not keep programs out that call [::1], where that is listened on', async () => {
    const other = await startEmulator({ host: '::1' });
    try {
      expect(new URL(other.baseUrl).hostname).toBe('[::1]');
      const reply = await callServer(other.baseUrl, other.apiKey)('GET', '/workflows/catalog');
      expect(reply.status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('a page of an origin that was not named', () => {
  it.each([FOREIGN, 'null', `${PAGE}.attacker.example`, 'http://localhost:5174', 'HTTP://LOCALHOST:5173'])(
    'may not call: %s',
    async (origin) => {
      const asked = await catalog(
        {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization',
          'access-control-request-private-network': 'true',
        },
        'OPTIONS',
      );
      expect(asked.status).toBe(403);
      const granted = Object.keys(asked.headers).filter((name) => name.startsWith('access-control-'));
      expect(granted).toEqual([]);
    },
  );

  it('reads nothing by a simple request, with or without the right key or signature', async () => {
    const logged = emulator.log.length;
    for (const url of [`${emulator.baseUrl}/workflows/catalog`, download, `${emulator.storageUrl}/`]) {
      for (const headers of [{}, withKey()]) {
        const reply = await rawRequest(url, { headers: { ...headers, origin: FOREIGN } });
        expect(reply.status).toBe(403);
        expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
        expect(reply.text).not.toMatch(/spec_id|PRIVATE|PK/);
      }
    }
    expect(emulator.log).toHaveLength(logged);
  });

  it('has nothing done by a form that it sends', async () => {
    const type = 'multipart/form-data; boundary=b';
    const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n--b--\r\n';
    const logged = emulator.log.length;
    const headers = { ...withKey(), origin: FOREIGN, 'content-type': type };
    const reply = await rawRequest(`${emulator.baseUrl}/upload`, { method: 'POST', headers, body });
    expect([reply.status, emulator.log.length]).toEqual([403, logged]);
  });

  it('cannot show what an <img> or a <script> would load without asking', async () => {
    const reply = await rawRequest(download, { headers: { 'sec-fetch-mode': 'no-cors' } });
    expect(reply.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('a page of a named origin', () => {
  it('may ask, and read what it gets', async () => {
    const asked = await catalog(
      {
        origin: PAGE,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization',
        'access-control-request-private-network': 'true',
      },
      'OPTIONS',
    );
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-headers': 'authorization',
      'access-control-allow-private-network': 'true',
      vary: 'Origin',
    });
    const reply = await catalog({ origin: PAGE });
    expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([200, PAGE]);
  });

  it('needs the key as everybody does', async () => {
    const headers = { origin: PAGE };
    const reply = await rawRequest(`${emulator.baseUrl}/workflows/catalog`, { headers });
    expect(reply.status).toBe(401);
  });

  it.each(['*', 'null', 'localhost:5173', 'http://localhost:5173/', 'https://*.example'])(
    'cannot be named %s, which stands for more than one',
    async (name) => {
      await expect(startEmulator({ allowOrigins: [name] })).rejects.toThrow(TypeError);
    },
  );
});
