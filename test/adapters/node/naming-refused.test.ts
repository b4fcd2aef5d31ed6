import type * as Fs from 'node:fs/promises';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../support/failure-of.js';
import { zipOfSize } from '../../support/sample-zip.js';
import { type ResultScene, resultScene, sha256, undelimited, whole } from './result-scene.js';

/** What this file system refuses, by the code that it says. */
const disk = vi.hoisted(() => ({ link: '', rename: '', open: '' }));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof Fs>();
  const refused = (code: string): Error => Object.assign(new Error(`${code}: refused here`), { code });
  const link: typeof Fs.link = async (from, to) => {
    if (disk.link !== '') throw refused(disk.link);
    return fs.link(from, to);
  };
  const rename: typeof Fs.rename = async (from, to) => {
    if (disk.rename !== '' && !String(to).endsWith('.part')) throw refused(disk.rename);
    return fs.rename(from, to);
  };
  const open: typeof Fs.open = async (path, ...rest) => {
    if (disk.open !== '' && rest[0] === 'wx') throw refused(disk.open);
    return fs.open(path, ...rest);
  };
  return { ...fs, link, rename, open };
});

const ZIP = zipOfSize(100_000);
const CODES = 'EISDIR EXDEV EINVAL EIO UNKNOWN EPERM ENOTSUP ENOSYS EOPNOTSUPP EMLINK EACCES ENXIO'.split(
  ' ',
);

let scene: ResultScene;
beforeEach(async () => {
  scene = await resultScene();
  scene.answers = [whole(ZIP)];
});
afterEach(async () => {
  Object.assign(disk, { link: '', rename: '', open: '' });
  await scene.close();
});

describe.each(CODES)('a disk that refuses with %s', (code) => {
  it.each([
    ['hard links', { link: code }],
    ['hard links and renames', { link: code, rename: code }],
  ])('%s gives the name in another way, over nothing', async (_name, refusals) => {
    await scene.save({ filename: 'first.zip' });
    await writeFile(join(scene.out, 'output.zip'), 'mine');
    Object.assign(disk, refusals);
    const saved = await scene.save();
    expect(saved).toMatchObject({
      file: join(scene.out, 'output (1).zip'),
      sha256: sha256(ZIP),
      verified: true,
    });
    expect((await readFile(saved.file)).equals(ZIP)).toBe(true);
    expect(await readFile(join(scene.out, 'output.zip'), 'utf8')).toBe('mine');
    expect(await scene.files()).toEqual(['first.zip', 'output (1).zip', 'output.zip']);
  });
});

describe('a disk on which no way gives a name', () => {
  const refuse = () => Object.assign(disk, { link: 'EIO', rename: 'EIO', open: 'EIO' });

  it.each([
    ['verified', () => whole(ZIP), true],
    ['not verified', () => undelimited(ZIP), false],
  ])(
    'keeps what is whole and %s, says where, and names it later without a download',
    async (_name, answer, verified) => {
      scene.answers = [answer()];
      refuse();
      const failure = await failureOf(scene.save());
      expect(failure).toMatchObject({ kind: 'storage', delivery: 'not-sent' });
      const [part = 'none'] = await readdir(scene.out);
      expect(failure.message).toContain(join(scene.out, part));
      expect((await readFile(join(scene.out, part))).equals(ZIP)).toBe(true);
      // Still refused: nothing is lost, and nothing is fetched.
      const again = await failureOf(scene.save());
      const [kept = 'none'] = await readdir(scene.out);
      expect(again.message).toContain(kept);
      Object.assign(disk, { link: '', rename: '', open: '' });
      const saved = await scene.save();
      expect(saved).toMatchObject({ bytes: ZIP.length, sha256: sha256(ZIP), verified });
      expect(saved.warning === undefined).toBe(verified);
      expect(basename(saved.file)).toBe('output.zip');
      expect((await readFile(saved.file)).equals(ZIP)).toBe(true);
      expect(await scene.files()).toEqual(['output.zip']);
      expect(scene.storage.seen).toHaveLength(1);
    },
  );
});
