import { chown, link, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeParts } from '../../../src/adapters/node/results/part-file.js';
import { accountLabel, originLabel } from '../../../src/adapters/node/results/part-name.js';
import { failureOf } from '../../support/failure-of.js';
import { zipOfSize } from '../../support/sample-zip.js';
import { cut, type ResultScene, resultScene, type Save, sha256, whole } from './result-scene.js';

const ZIP = zipOfSize(100_000);
const KEY = 'key-0123456789abcdef';

let scene: ResultScene;
beforeEach(async () => {
  scene = await resultScene();
});
afterEach(() => scene.close());

const tagged = { ETag: '"v1"' };
const range = (from: number, headers: Record<string, string> = tagged, bytes = ZIP) =>
  whole(
    bytes.subarray(from),
    { 'Content-Range': `bytes ${from}-${ZIP.length - 1}/${ZIP.length}`, ...headers },
    206,
  );
const parts = async () => (await scene.files()).filter((name) => name.endsWith('.part'));

/** Leaves a part of 40,000 bytes, and returns its path. */
async function leftBy(save: Save = {}): Promise<string> {
  scene.answers = [cut(ZIP, 40_000, tagged)];
  expect(await failureOf(scene.save(save))).toMatchObject({ kind: 'network' });
  const [part = 'none'] = await parts();
  expect((await readFile(join(scene.out, part))).length).toBe(40_000);
  return join(scene.out, part);
}

const lastRange = (): string | undefined => scene.storage.seen.at(-1)?.headers.range;

/** Storage that knows ranges, and would send any. */
const honest = () => {
  scene.answers = [
    (response, headers) => {
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
      return from === 0 ? whole(ZIP, tagged)(response, headers) : range(from)(response, headers);
    },
  ];
};

describe('a part of the same key, server, job and entity', () => {
  it('is continued', async () => {
    await leftBy();
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP), verified: true });
    expect(lastRange()).toBe('bytes=40000-');
    expect(await parts()).toEqual([]);
  });

  it('says nothing of key, server and user in its name', async () => {
    const part = await leftBy();
    expect(part).not.toContain(KEY);
    expect(part).not.toContain(accountLabel(KEY, scene.storage.url));
    expect(part).not.toContain('127.0.0.1');
  });
});

describe('a part of another', () => {
  it.each([
    ['key', { key: 'another-key-0123456789' }],
    ['server', { baseUrl: 'http://127.0.0.1:9/api/v1' }],
    ['job', { id: 'job_790' }],
  ])('%s is not continued, and left alone', async (_name, other) => {
    await leftBy(other);
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect(await parts()).toHaveLength(1);
    await scene.save(other);
    expect(lastRange()).toBe('bytes=40000-');
  });

  it('thread of this process, which may still write to it, is not continued, and left alone', async () => {
    const part = await leftBy();
    const other = part.replace(/\.0-(\d+)\./, '.7-$1.');
    expect(other).not.toBe(part);
    await rename(part, other);
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect((await readFile(other)).length).toBe(40_000);
  });

  it('storage is not continued', async () => {
    await leftBy();
    honest();
    const url = `${scene.storage.url.replace('127.0.0.1', 'localhost')}/b/object`;
    expect(await scene.save({ url })).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect(await parts()).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('user is neither continued nor touched', async () => {
    const part = await leftBy();
    await chown(part, 65_534, 65_534);
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect((await readFile(part)).length).toBe(40_000);
  });

  it.each([
    ['a symbolic link', symlink],
    ['a second name', link],
  ])('file, by %s, is never written to', async (_name, linked) => {
    const part = await leftBy();
    const victim = join(scene.out, 'victim');
    await rename(part, victim);
    await linked(victim, part);
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect((await readFile(victim)).length).toBe(40_000);
  });
});

describe('what storage sends as the rest', () => {
  const newer = { ETag: '"v2"' };
  /** Bytes that would spoil the file, were they put behind the part. */
  const OTHER = Buffer.alloc(ZIP.length, 'x');
  const otherRange = (from: number, headers: Record<string, string> = tagged) => range(from, headers, OTHER);
  it.each([
    ['of another entity', otherRange(40_000, newer)],
    ['without an ETag', otherRange(40_000, {})],
    ['from elsewhere', otherRange(30_000)],
    [
      'of another length',
      whole(OTHER.subarray(40_000), { ...tagged, 'Content-Range': 'bytes 40000-99999/99999' }, 206),
    ],
    [
      'of another total',
      whole(OTHER.subarray(40_000), { ...tagged, 'Content-Range': 'bytes 40000-99999/100001' }, 206),
    ],
    ['coded', otherRange(40_000, { ...tagged, 'Content-Encoding': 'gzip' })],
    ['without a range', whole(OTHER.subarray(40_000), tagged, 206)],
    [
      'as one of many',
      whole('--x\r\n', { ...tagged, 'Content-Type': 'multipart/byteranges; boundary=x' }, 206),
    ],
    ['as nothing', whole('', { 'Content-Range': 'bytes */40000' }, 416)],
    ['as a bad request', whole('', {}, 400)],
    ['as a failed condition', whole('', {}, 412)],
    ['as not known', whole('', {}, 501)],
  ])('%s is not put behind the part: it starts over', async (_name, answer) => {
    await leftBy();
    scene.answers = [
      (response, headers) => (headers.range === undefined ? whole(ZIP, newer) : answer)(response, headers),
    ];
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP), verified: true });
    expect(scene.storage.seen.filter(({ headers }) => headers.range === 'bytes=40000-')).toHaveLength(1);
    expect((await readFile(join(scene.out, 'output.zip'))).equals(ZIP)).toBe(true);
    expect(await parts()).toEqual([]);
  });

  it('as the whole is taken for the whole', async () => {
    await leftBy();
    scene.answers = [whole(ZIP, newer)];
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(scene.storage.seen).toHaveLength(2);
  });

  it('and which is longer than its range is refused, with all that came before', async () => {
    await leftBy();
    scene.answers = [
      (response) => {
        response.writeHead(206, { ...tagged, 'Content-Range': 'bytes 40000-49999/100000' });
        response.end(Buffer.alloc(60_000, 'x'));
      },
    ];
    expect(await failureOf(scene.save())).toMatchObject({ kind: 'bad-response' });
    expect(await parts()).toEqual([]);
  });
});

describe('a part that can never be continued', () => {
  it.each([
    ['has no strong ETag', { ETag: 'W/"v1"' }],
    ['has no ETag', {}],
    ['has an ETag too long for a name', { ETag: `"${'v'.repeat(200)}"` }],
    ['has one too long in bytes', { ETag: `"${'\u00ff'.repeat(60)}"` }],
    ['is coded', { ...tagged, 'Content-Encoding': 'gzip' }],
  ])('because it %s is not left behind', async (_name, headers: Record<string, string>) => {
    scene.answers = [cut(ZIP, 40_000, headers)];
    await failureOf(scene.save());
    expect(await parts()).toEqual([]);
  });

  it('because its result is gone is removed, and what is whole is not', async () => {
    const part = await leftBy();
    const owner = { account: accountLabel(KEY, scene.storage.url), jobSpecId: 'job_789' };
    const unfinished = `${originLabel(scene.storage.url)}.${ZIP.length}.${Buffer.from('"v1"').toString('base64url')}.part`;
    expect(part.endsWith(unfinished)).toBe(true);
    const kept = part.replace(unfinished, `whole-v.${ZIP.length}.${sha256(ZIP)}.part`);
    await writeFile(kept, ZIP);
    await removeParts(scene.out, owner);
    expect(await parts()).toEqual([kept.slice(scene.out.length + 1)]);
  });

  it('because its bytes are not those that were checked is removed', async () => {
    const part = await leftBy();
    const [prefix = ''] = part.split(`${originLabel(scene.storage.url)}.`);
    await rename(part, `${prefix}whole-v.${ZIP.length}.${sha256(ZIP)}.part`);
    honest();
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP) });
    expect(lastRange()).toBeUndefined();
    expect(await parts()).toEqual([]);
  });
});
