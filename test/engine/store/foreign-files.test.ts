import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { otherThanFile } from '../../../src/engine/store/sqlite/store-file.js';
import { openRaw } from '../../support/raw-database.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const OLD = new Date('2020-01-01T00:00:00Z');

/** All that can be seen of a folder: names, kinds, modes, times, contents. */
const seen = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      const { mode, mtimeMs, size, ino } = lstatSync(path);
      const content = lstatSync(path).isFile() ? readFileSync(path, 'base64') : undefined;
      return { name, mode, mtimeMs, size, ino, content };
    });

async function expectRefused(path: string, words: RegExp): Promise<void> {
  const before = seen(dirname(path));
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    kind: 'not-a-store',
    message: expect.stringMatching(words),
    advice: expect.stringContaining('Name a file'),
  });
  expect(seen(dirname(path))).toEqual(before);
}

function foreignFile(name: string, content: string | Buffer, mode = 0o664): string {
  const path = directory.path(name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  utimesSync(path, OLD, OLD);
  return path;
}

function foreignDatabase(path: string, sql: string): string {
  const raw = openRaw(path);
  raw.exec(sql);
  raw.close();
  chmodSync(path, 0o664);
  utimesSync(path, OLD, OLD);
  return path;
}

describe('what is no goal-lane store is refused, and stays as it is', () => {
  it.each([
    ['a text', 'a shared file of somebody'],
    ['one byte', 'x'],
    ['a long text', 'Dear Sir or Madam, '.repeat(3_000)],
    ['what only begins like a database', 'SQLite format 3\0'],
    ['noise', Buffer.from(Array.from({ length: 9_000 }, (_, i) => (i * 197) % 251))],
  ])('%s', (_, content) => expectRefused(foreignFile('notes', content), /notes is not a goal-lane store/));

  it('what a link leads to', async () => {
    foreignFile('shared.txt', 'a shared file of somebody');
    symlinkSync('shared.txt', directory.path('link.db'));
    await expectRefused(directory.path('link.db'), /link\.db is not a goal-lane store/);
  });

  it('a link to nothing, whose end is not made', async () => {
    symlinkSync('nowhere', directory.path('link.db'));
    await expectRefused(directory.path('link.db'), /is a link to nothing/);
  });

  it('an empty file that others can use', () =>
    expectRefused(foreignFile('empty', ''), /is an empty file that others can use/));

  it('a database of another program, one that it has open included', async () => {
    const sql = 'CREATE TABLE bookmarks (a TEXT); INSERT INTO bookmarks VALUES (1)';
    await expectRefused(
      foreignDatabase(directory.path('a.db'), sql),
      /a\.db is a database of another program/,
    );
    const path = foreignDatabase(directory.path('b.db'), `PRAGMA journal_mode = WAL; ${sql}`);
    const owner = openRaw(path);
    owner.exec('INSERT INTO bookmarks VALUES (2)');
    expect(existsSync(`${path}-wal`)).toBe(true);
    await expectRefused(path, /b\.db is a database of another program/);
    expect(owner.prepare('SELECT count(*) AS n FROM bookmarks').get()).toMatchObject({ n: 2 });
    owner.close();
  });

  it('a database that names another program, or a version', () =>
    expectRefused(
      foreignDatabase(directory.path('a.db'), 'PRAGMA application_id = 7; PRAGMA user_version = 1'),
      /is a database of another program/,
    ));

  it('a directory', async () => {
    mkdirSync(directory.path('folder'));
    await expectRefused(directory.path('folder'), /is a directory/);
  });

  it.skipIf(process.platform === 'win32')('a pipe, without waiting for its other end', async () => {
    execFileSync('mkfifo', [directory.path('pipe')]);
    await expectRefused(directory.path('pipe'), /is a pipe/);
  });

  it.skipIf(process.platform === 'win32')('a socket', async () => {
    const server = createServer().listen(directory.path('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expectRefused(directory.path('socket'), /is a socket/);
    server.close();
  });

  it('a device, by what the file system says of it alone', () => {
    const no = () => false;
    const kind = { isFile: no, isDirectory: no, isFIFO: no, isSocket: no, isBlockDevice: no };
    expect(otherThanFile({ ...kind, isCharacterDevice: () => true })).toBe(
      'is a device, not a goal-lane store',
    );
    expect(otherThanFile({ ...kind, isCharacterDevice: no })).toMatch(/is no file/);
  });

  it.each(['-wal', '-journal', '-shm'])('a file whose name a new store would take: %s', async (suffix) => {
    foreignFile(`notes${suffix}`, 'what somebody wrote');
    await expectRefused(directory.path('notes'), new RegExp(`notes${suffix} is in its way`));
    expect(existsSync(directory.path('notes'))).toBe(false);
  });
});

describe('what is a goal-lane store', () => {
  const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

  it('is opened through a link, and closed to others there', async () => {
    const path = directory.path('jobs.db');
    await (await openSqliteStore({ path })).close();
    chmodSync(path, 0o644);
    symlinkSync('jobs.db', directory.path('link.db'));
    await (await openSqliteStore({ path: directory.path('link.db') })).close();
    expect(modeOf(path)).toBe('600');
  });

  it('may begin as an empty file that is ours alone, as mktemp makes it', async () => {
    const path = foreignFile('jobs.db', '', 0o600);
    await (await openSqliteStore({ path })).close();
    expect(modeOf(path)).toBe('600');
  });

  it('is looked at without a loss of the locks that this process holds on it', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path });
    const second = await openSqliteStore({ path });
    await second.close();
    // Were its locks lost, another process would take itself for the last one, and remove the log.
    const script = `
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite') ?? require('@photostructure/sqlite');
      new DatabaseSync(process.argv[1]).close();`;
    execFileSync(process.execPath, ['-e', script, path]);
    expect(existsSync(`${path}-wal`)).toBe(true);
    await store.close();
  });
});
