import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GUARDS, type GuardName } from '../../../src/adapters/console/server/guard/guards.js';
import { type ConsoleSite, openSite, type Sent } from './console-site.js';

const TOKEN = 'a-token-of-more-than-22-characters';
const NAMES = Object.keys(GUARDS) as GuardName[];

interface Attack {
  readonly guard: GuardName;
  readonly name: string;
  readonly path: string;
  readonly sent: (origin: string) => Sent;
  readonly status: number;
}

const json = { 'Content-Type': 'application/json' };
const ours = (origin: string) => ({ Origin: origin, 'X-Goal-Lane': '1', 'Sec-Fetch-Site': 'same-origin' });
const start = (headers: Record<string, string>): Sent => ({ method: 'POST', headers, body: '{"id":"x"}' });
const otherPort = (origin: string): string => origin.replace(/\d+$/, '1');

const hosts = ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '0.0.0.0', '127.0.0.2'];

/** Each request is one that a page of another origin, or a name turned to this machine, could send. */
const attacks: readonly Attack[] = [
  ...hosts.map(
    (host): Attack => ({
      guard: 'host',
      name: `Host ${host}`,
      path: '/api/jobs',
      sent: (origin) => ({ headers: { Host: `${host}:${new URL(origin).port}` } }),
      status: 421,
    }),
  ),
  {
    guard: 'host',
    name: 'the right Host with another port',
    path: '/api/jobs',
    sent: () => ({ headers: { Host: '127.0.0.1:1' } }),
    status: 421,
  },
  ...['cross-site', 'same-site', 'none'].map(
    (site): Attack => ({
      guard: 'fetchSite',
      name: `Sec-Fetch-Site ${site} (an image, a script, a stream or a fetch of elsewhere)`,
      path: '/api/jobs',
      sent: () => ({ headers: { 'Sec-Fetch-Site': site } }),
      status: 403,
    }),
  ),
  {
    guard: 'method',
    name: 'a preflight of another origin',
    path: '/api/jobs',
    sent: () => ({
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    }),
    status: 405,
  },
  ...['https://evil.example', 'null', 'http://localhost.evil.example'].map(
    (from): Attack => ({
      guard: 'origin',
      name: `a POST of the origin ${from}, without Sec-Fetch-Site`,
      path: '/api/jobs',
      sent: (origin) =>
        start({
          ...json,
          'X-Goal-Lane': '1',
          Origin: from === 'null' ? from : `${from}:${new URL(origin).port}`,
        }),
      status: 403,
    }),
  ),
  {
    guard: 'origin',
    name: 'a POST of another port of this machine',
    path: '/api/jobs',
    sent: (origin) => start({ ...json, 'X-Goal-Lane': '1', Origin: otherPort(origin) }),
    status: 403,
  },
  {
    guard: 'origin',
    name: 'a POST without an origin',
    path: '/api/jobs',
    sent: () => start({ ...json, 'X-Goal-Lane': '1' }),
    status: 403,
  },
  {
    guard: 'header',
    name: 'a POST without our header',
    path: '/api/jobs',
    sent: (origin) => start({ ...json, Origin: origin }),
    status: 403,
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map(
    (type): Attack => ({
      guard: 'contentType',
      name: `a form of ${type}`,
      path: '/api/jobs',
      sent: (origin) => start({ ...ours(origin), 'Content-Type': type }),
      status: 415,
    }),
  ),
  ...(['PUT', 'DELETE'] as const).flatMap((method): Attack[] => [
    {
      guard: 'header',
      name: `a ${method} without our header`,
      path: '/api/uploads/x',
      sent: (origin) => ({ method, headers: { Origin: origin, 'Content-Type': 'application/octet-stream' } }),
      status: 403,
    },
    {
      guard: 'origin',
      name: `a ${method} of another port of this machine`,
      path: '/api/uploads/x',
      sent: (origin) => ({
        method,
        headers: {
          'X-Goal-Lane': '1',
          'Content-Type': 'application/octet-stream',
          Origin: otherPort(origin),
        },
      }),
      status: 403,
    },
  ]),
  {
    guard: 'contentType',
    name: 'an upload that a form could send',
    path: '/api/uploads/x',
    sent: (origin) => ({ method: 'PUT', headers: { ...ours(origin), 'Content-Type': 'text/plain' } }),
    status: 415,
  },
  {
    guard: 'method',
    name: 'a method that is not offered',
    path: '/api/jobs',
    sent: (origin) => ({ method: 'PATCH', headers: { ...ours(origin), ...json }, body: '{}' }),
    status: 405,
  },
];

test('every guard has an attack', () => {
  // The session's stands apart: it is there only beyond the loopback.
  expect([...new Set([...attacks.map(({ guard }) => guard), 'session'])].sort()).toEqual([...NAMES].sort());
});

let site: ConsoleSite;
const without = new Map<GuardName, ConsoleSite>();

beforeAll(async () => {
  site = await openSite();
  for (const name of NAMES.filter((guard) => guard !== 'session'))
    without.set(name, await openSite({ guards: NAMES.filter((guard) => guard !== name) }));
}, 60_000);
afterAll(async () => {
  await site.close();
  for (const open of without.values()) await open.close();
});

/** The head of the answer to what is written here. */
const byHand = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(site.served.port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(String(data).split('\r\n\r\n')[0]?.toLowerCase().replace('http/1.1', 'HTTP/1.1') ?? '');
      socket.destroy();
    });
    socket.once('error', () => resolve('no answer'));
  });

describe('who may call', () => {
  test.each(attacks)(
    '$guard: $name is refused, and by this guard alone',
    async ({ guard, path, sent, status }) => {
      const answer = await site.send(path, sent(site.origin));
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('"jobs"');
      expect(site.lane.jobs()).toEqual([]);
      // The same request where just this guard is off: the test would be red.
      const open = without.get(guard);
      const passed = await open?.send(path, open && sent(open.origin));
      expect(passed?.status).not.toBe(status);
    },
  );

  test('a Host that is missing or doubled is refused', async () => {
    const own = `127.0.0.1:${site.served.port}`;
    expect(await byHand('GET /api/jobs HTTP/1.1\r\n\r\n')).toContain('HTTP/1.1 421');
    expect(await byHand(`GET /api/jobs HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\n\r\n`)).toContain(
      'HTTP/1.1 421',
    );
  });

  test('its own pages may', async () => {
    expect((await site.ask('GET', '/api/jobs')).status).toBe(200);
    expect((await site.send('/', { headers: { 'Sec-Fetch-Site': 'none' } })).status).toBe(200);
    const { port } = site.served;
    expect((await site.send('/api/jobs', { headers: { Host: `localhost:${port}` } })).status).toBe(200);
  });

  test('a name that was allowed may', async () => {
    const named = await openSite({ allowHosts: ['console.test'] });
    const answer = await named.send('/api/jobs', { headers: { Host: `console.test:${named.served.port}` } });
    expect(answer.status).toBe(200);
    await named.close();
  });
});

const HEADERS = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];

describe('what every answer carries', () => {
  test.each([
    ['the page', '/', {}],
    ['an answer', '/api/jobs', {}],
    ['a refusal', '/api/jobs', { Host: 'evil.example' }],
    ['what is not there', '/nothing', {}],
    ['a bad id', '/api/jobs/%2e%2e', {}],
  ])(
    '%s has the headers that keep it from other pages, and none that lets them in',
    async (_, path, headers) => {
      const answer = await site.send(path, { headers });
      for (const name of HEADERS) expect(answer.headers[name], name).toBeDefined();
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      if (path.startsWith('/api')) expect(answer.headers['cache-control']).toBe('no-store');
    },
  );
});

test.each([
  ['a method that is none', 'HELLO\r\n\r\n', 400],
  ['an address with a port that is none', 'GET http://evil.example:99999/ HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['too many headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
  ['an expectation', 'POST /api/jobs HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n', 417],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 421],
])('%s never reaches the app, and is answered with the same headers', async (_, text, status) => {
  const head = await byHand(text);
  expect(head).toContain(`HTTP/1.1 ${status}`);
  for (const name of HEADERS) expect(head).toContain(`${name}: `);
});

describe('beyond the loopback', () => {
  test('no stream opens without a token', async () => {
    await expect(openSite({ host: '0.0.0.0' })).rejects.toThrow('token');
  });

  test('without the cookie no route answers; with the token there is one, and wrong ones are counted', async () => {
    const far = await openSite({ host: '0.0.0.0', token: TOKEN });
    const open = await openSite({
      host: '0.0.0.0',
      token: TOKEN,
      guards: NAMES.filter((guard) => guard !== 'session'),
    });
    for (const path of ['/api/jobs', '/api/events', '/api/about', '/api/workflows', '/api/jobs/x/result'])
      expect((await far.send(path)).status, path).toBe(401);
    expect((await open.send('/api/jobs')).status).toBe(200);
    const { headers, status } = await far.ask('POST', '/api/session', { token: TOKEN });
    expect(status).toBe(200);
    const [cookie = ''] = [headers['set-cookie']].flat();
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
    expect(cookie).not.toContain(TOKEN);
    const withCookie = { headers: { Cookie: cookie.split(';')[0] ?? '' } };
    expect((await far.send('/api/jobs', withCookie)).status).toBe(200);
    const tries = [];
    for (let index = 0; index < 12; index += 1)
      tries.push((await far.ask('POST', '/api/session', { token: `wrong ${index}` })).status);
    expect(tries).toEqual([...Array(10).fill(401), 429, 429]);
    await far.close();
    await open.close();
  });
});
