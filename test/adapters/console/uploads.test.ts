import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSpool } from '../../../src/adapters/console/server/spool/spool.js';
import { type ConsoleSite, openSite } from './console-site.js';

const KIB = 1024;
let site: ConsoleSite;
let canary = '';
let count = 0;
const freshId = (): string => {
  count += 1;
  return `upload-${count}`;
};

beforeAll(async () => {
  site = await openSite({ maxUploadBytes: 64 * KIB, maxSpoolBytes: 256 * KIB, uploadSilenceMs: 1_500 });
  canary = join(site.folder, 'canary');
  await writeFile(canary, 'untouched');
}, 60_000);
afterAll(() => site.close());

const OURS = 'goal-lane-upload-';
/** The ids of the uploads in a folder. */
const idsIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).map((name) => name.slice(OURS.length)).sort();
const spooled = (): Promise<string[]> => idsIn(join(site.folder, 'uploads'));

/** A PUT of which the body is written by hand. */
function putByHand(head: readonly string[], body: string): Promise<string> {
  const own = `127.0.0.1:${site.served.port}`;
  const lines = [
    `PUT /api/uploads/${freshId()} HTTP/1.1`,
    `Host: ${own}`,
    `Origin: http://${own}`,
    'X-Goal-Lane: 1',
    'Content-Type: application/octet-stream',
    'X-File-Name: a.txt',
    ...head,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(site.served.port, '127.0.0.1', () =>
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`),
    );
    socket.once('data', (data) => {
      resolve(String(data).split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('close', () => resolve('closed'));
    socket.once('error', reject);
  });
}

describe('a file on its way', () => {
  test('arrives whole, under a safe name, with its hash', async () => {
    const id = freshId();
    const answer = await site.upload(id, 'Lebenslauf – neu.txt', 'hello');
    expect(answer.status).toBe(201);
    const sha256 = createHash('sha256').update('hello').digest('hex');
    expect(JSON.parse(answer.text)).toEqual({ id, name: 'Lebenslauf – neu.txt', bytes: 5, sha256 });
    expect(await readFile(join(site.folder, 'uploads', `${OURS}${id}`, 'Lebenslauf – neu.txt'), 'utf8')).toBe(
      'hello',
    );
    expect((await site.ask('DELETE', `/api/uploads/${id}`)).status).toBe(200);
    expect(await spooled()).not.toContain(id);
  });

  test.each([
    '../../canary',
    '..\\..\\canary',
    'C:\\canary',
    '/etc/passwd',
    'a\u0000b.txt',
    'CON',
    '..',
    '%2e%2e%2fcanary',
    `${'x'.repeat(1_500)}.txt`,
    '\u202Etxt.exe',
  ])('the name %j stays inside the spool', async (name) => {
    const id = freshId();
    const answer = await site.upload(id, name, 'attack');
    expect([201, 400]).toContain(answer.status);
    expect(await readFile(canary, 'utf8')).toBe('untouched');
    if (answer.status !== 201) return;
    const [kept = ''] = await readdir(join(site.folder, 'uploads', `${OURS}${id}`));
    expect(kept).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u);
    await site.ask('DELETE', `/api/uploads/${id}`);
  });

  test.each(['..', '%2e%2e', '..%2f..%2fcanary', 'a%00b', 'x'.repeat(65), 'ä'])(
    'the id %j is no id, for files and jobs alike',
    async (id) => {
      for (const path of [`/api/jobs/${id}`, `/api/jobs/${id}/result`, `/api/jobs/${id}/history`])
        expect([400, 404], path).toContain(
          (await site.send(encodeURI(decodeURI(path)).replaceAll('%25', '%'))).status,
        );
      const { status } = await site.upload(encodeURIComponent(id).replaceAll('%25', '%'), 'a.txt', 'x');
      expect([400, 404]).toContain(status);
      expect(await readFile(canary, 'utf8')).toBe('untouched');
    },
  );

  test.each([
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/package.json',
    '/package.json',
    '/assets/index.html',
  ])('the file %s is not served', async (path) => {
    expect((await site.send(path)).status).toBe(404);
  });
});

describe('what is too much', () => {
  test('without a length nothing is taken', async () => {
    expect(await putByHand(['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n')).toContain('411');
  });

  test('one byte over the limit is refused, and nothing of it stays', async () => {
    const before = await spooled();
    expect((await site.upload(freshId(), 'a.txt', new Uint8Array(64 * KIB + 1))).status).toBe(413);
    expect((await site.upload('exact', 'a.txt', new Uint8Array(64 * KIB))).status).toBe(201);
    await site.ask('DELETE', '/api/uploads/exact');
    expect(await spooled()).toEqual(before);
  });

  test('one that goes silent is ended', async () => {
    expect(await putByHand(['Content-Length: 100'], 'only a few')).toMatch(/408|closed/);
    expect((await spooled()).filter((name) => name.startsWith('upload-'))).toEqual([]);
  });

  test('one that only drips is ended: it is never silent, and never there', async () => {
    const { port } = site.served;
    const own = `127.0.0.1:${port}`;
    const head = [
      'PUT /api/uploads/drips HTTP/1.1',
      `Host: ${own}`,
      `Origin: http://${own}`,
      'X-Goal-Lane: 1',
      'Content-Type: application/octet-stream',
      'X-File-Name: a.txt',
      'Content-Length: 60000',
    ];
    const said = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
      const dripping = setInterval(() => socket.write('x'), 100);
      const end = (text: string): void => {
        clearInterval(dripping);
        socket.destroy();
        resolve(text);
      };
      socket.once('data', (data) => end(String(data).split('\r\n')[0] ?? ''));
      socket.once('error', () => end('closed'));
    });
    expect(said).toMatch(/408|closed/);
    expect(await spooled()).not.toContain('drips');
  });

  test('a body of another request that goes silent is ended, too', async () => {
    const own = `127.0.0.1:${site.served.port}`;
    const head = [
      'POST /api/jobs HTTP/1.1',
      `Host: ${own}`,
      `Origin: http://${own}`,
      'X-Goal-Lane: 1',
      'Content-Type: application/json',
      'Content-Length: 100',
    ];
    const said = await new Promise<string>((resolve) => {
      const socket = connect(site.served.port, '127.0.0.1', () =>
        socket.write(`${head.join('\r\n')}\r\n\r\n{"id":`),
      );
      socket.once('data', (data) => {
        resolve(String(data).split('\r\n')[0] ?? '');
        socket.destroy();
      });
    });
    expect(said).toContain('408');
  });

  test('all files together have a limit too, promised ones included', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((index) => site.upload(`quota-${index}`, 'a.txt', new Uint8Array(60 * KIB))),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 201, 201, 507, 507]);
    for (const name of await spooled()) await site.ask('DELETE', `/api/uploads/${name}`);
  });

  test('fifty at once arrive, or are refused in words', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => site.upload(`many-${index}`, 'a.txt', `${index}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    for (const name of await spooled()) await site.ask('DELETE', `/api/uploads/${name}`);
  });
});

test('of what an earlier process left, a link and half a file are thrown away', async () => {
  const directory = join(site.folder, 'earlier');
  const options = { directory, now: Date.now, maxFileBytes: 1_000, maxBytes: 9_000, silenceMs: 1_000 };
  for (const id of ['whole', 'half', 'link'])
    await mkdir(join(directory, `${OURS}${id}`), { recursive: true });
  await writeFile(join(directory, `${OURS}whole`, 'a.txt'), 'hello');
  await writeFile(join(directory, `${OURS}half`, '.123.part'), 'hel');
  await symlink(canary, join(directory, `${OURS}link`, 'a.txt'));
  const spool = await openSpool(options);
  expect(spool.list()).toEqual([{ id: 'whole', name: 'a.txt', bytes: 5 }]);
  expect(await idsIn(directory)).toEqual(['whole']);
  expect(await readFile(canary, 'utf8')).toBe('untouched');
});

test('what is older than a day is swept away, but for the files of a job that still waits', async () => {
  const directory = join(site.folder, 'old');
  let now = 0;
  const options = { directory, now: () => now, maxFileBytes: 1_000, maxBytes: 9_000, silenceMs: 1_000 };
  const spool = await openSpool(options);
  const body = async function* () {
    yield Buffer.from('hello');
  };
  for (const id of ['waits', 'left']) await spool.receive(id, 'a.txt', 5, body());
  now = 25 * 3_600_000;
  await spool.sweep(new Set(['waits']));
  expect(await idsIn(directory)).toEqual(['waits']);
});

test('what else is in the folder is never touched, however old it is', async () => {
  const directory = join(site.folder, 'shared');
  await mkdir(join(directory, 'thesis'), { recursive: true });
  await mkdir(join(directory, 'empty'));
  await writeFile(join(directory, 'thesis', 'chapter.txt'), 'years of work');
  await writeFile(join(directory, 'letter.txt'), 'mine');
  await writeFile(join(directory, `${OURS}note`), 'a file, not a folder');
  const before = (await readdir(directory, { recursive: true })).sort();
  let now = Date.now();
  const options = { directory, now: () => now, maxFileBytes: 1_000, maxBytes: 9_000, silenceMs: 1_000 };
  const spool = await openSpool(options);
  expect(spool.list()).toEqual([]);
  now += 400 * 24 * 3_600_000;
  await spool.sweep(new Set());
  const body = async function* () {
    yield Buffer.from('hello');
  };
  await spool.receive('thesis', 'a.txt', 5, body());
  await spool.remove('thesis');
  await spool.remove('letter.txt');
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(before);
});

test('a large file passes through in pieces: memory does not grow with it', async () => {
  const bytes = 192 * KIB * KIB;
  const spool = await openSpool({
    directory: join(site.folder, 'large'),
    now: Date.now,
    maxFileBytes: bytes,
    maxBytes: bytes,
    silenceMs: 10_000,
  });
  const piece = new Uint8Array(64 * KIB);
  const body = async function* () {
    for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
  };
  const before = process.memoryUsage().rss;
  await spool.receive('large', 'a.bin', bytes, body());
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * KIB * KIB);
  await spool.remove('large');
});
