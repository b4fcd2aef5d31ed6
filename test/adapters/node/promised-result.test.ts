import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure-of.js';
import { zipOfSize } from '../../support/sample-zip.js';
import { type ResultScene, resultScene, sha256, undelimited, whole } from './result-scene.js';

const ZIP = zipOfSize(100_000);
const PORTAL = '<html><body>Welcome to the guest network (SIGNATURE-1)</body></html>';
const S3_ERROR =
  '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We are sorry</Message></Error>';

let scene: ResultScene;
beforeEach(async () => {
  scene = await resultScene();
});
afterEach(() => scene.close());

const savedBytes = (name: string): Promise<Buffer> => readFile(join(scene.out, name));

describe('a result that is something else', () => {
  it.each([
    [
      'a login page',
      whole(PORTAL, { 'Content-Type': 'text/html' }),
      'portal',
      'Welcome to the guest network',
    ],
    ['a store error', whole(S3_ERROR, { 'Content-Type': 'application/xml' }), 'storage', 'InternalError'],
    ['nothing', whole(''), 'storage', '0 bytes'],
    ['half of it, without a length', undelimited(ZIP.subarray(0, 50_000)), 'storage', 'breaks off'],
    ['half of it, said to be all', whole(ZIP.subarray(0, 50_000)), 'storage', 'breaks off'],
    [
      'other bytes that call themselves a ZIP',
      whole('RESULT', { 'Content-Type': 'application/zip' }),
      'storage',
      'ZIP',
    ],
  ])('%s is refused each time, and reported with its sender', async (_name, answer, speaker, words) => {
    scene.answers = [answer];
    const save = scene.port();
    for (const _ of [1, 2, 3]) {
      const failure = await failureOf(save());
      expect(failure).toMatchObject({ kind: 'gone', speaker });
      expect(failure.message).toContain(words);
      expect(JSON.stringify(failure)).not.toContain('SIGNATURE-1');
    }
    expect(await scene.files()).toEqual([]);
  });

  it('is the result the next time, where it heals', async () => {
    scene.answers = [whole(PORTAL), whole(S3_ERROR), whole(ZIP)];
    const save = scene.port();
    await failureOf(save());
    await failureOf(save());
    expect(await save()).toMatchObject({ sha256: sha256(ZIP), verified: true });
  });

  it('is what was promised, where it is really named so', async () => {
    scene.answers = [whole(PORTAL, { 'Content-Type': 'text/html' })];
    expect(await scene.save({ filename: 'page.html' })).toMatchObject({ verified: true });
    expect((await savedBytes('page.html')).toString()).toBe(PORTAL);
  });
});

describe('a name that does not fit to whole bytes', () => {
  it('is asked for again, and then saved as not verified, with a warning', async () => {
    scene.answers = [whole('RESULT')];
    const save = scene.port();
    expect(await failureOf(save())).toMatchObject({ kind: 'gone' });
    const saved = await save();
    expect(saved).toMatchObject({ bytes: 6, verified: false });
    expect(saved.warning).toMatch(/does not begin as a ZIP.*the same 6 bytes/);
  });

  it('is refused as long as the bytes differ each time', async () => {
    scene.answers = [whole('RESULT1'), whole('RESULT2'), whole('RESULT1')];
    const save = scene.port();
    for (const _ of [1, 2, 3]) expect(await failureOf(save())).toMatchObject({ kind: 'gone' });
  });
});

describe('a result without a length', () => {
  it('is saved as not verified, with a warning', async () => {
    scene.answers = [undelimited(ZIP)];
    const saved = await scene.save();
    expect(saved).toMatchObject({ sha256: sha256(ZIP), verified: false });
    expect(saved.warning).toContain('whether it is whole');
  });

  it('is verified where its chunks are terminated', async () => {
    scene.answers = [
      (response) => {
        response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
        response.end(ZIP);
      },
    ];
    expect(await scene.save()).toMatchObject({ verified: true });
  });

  it('is not verified if it is a range of unknown size', async () => {
    scene.answers = [whole(ZIP, { 'Content-Range': `bytes 0-${ZIP.length - 1}/*` }, 206)];
    expect(await scene.save()).toMatchObject({ verified: false });
  });

  it('is not taken for whole where it is the first part of a range', async () => {
    const part = ZIP.subarray(0, 40_000);
    scene.answers = [whole(part, { 'Content-Range': `bytes 0-39999/${ZIP.length}`, ETag: '"v1"' }, 206)];
    expect(await failureOf(scene.save())).toMatchObject({ kind: 'network' });
    scene.answers = [
      whole(
        ZIP.subarray(40_000),
        { 'Content-Range': `bytes 40000-${ZIP.length - 1}/${ZIP.length}`, ETag: '"v1"' },
        206,
      ),
    ];
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP), verified: true });
    expect(scene.storage.seen.at(-1)?.headers.range).toBe('bytes=40000-');
  });
});

describe('a coded result', () => {
  const coded = (coding: string, body: Buffer) => whole(body, { 'Content-Encoding': coding, ETag: '"v1"' });

  it.each([
    ['gzip', gzipSync(ZIP)],
    ['x-gzip', gzipSync(ZIP)],
    ['deflate', deflateSync(ZIP)],
    ['deflate', deflateRawSync(ZIP)],
    ['br', brotliCompressSync(ZIP)],
    ['identity', ZIP],
    ['gzip, br', brotliCompressSync(gzipSync(ZIP))],
  ])('%s is saved as what it is without', async (coding, body) => {
    scene.answers = [coded(coding, body)];
    expect(await scene.save()).toMatchObject({ bytes: ZIP.length, sha256: sha256(ZIP), verified: true });
    expect((await savedBytes('output.zip')).equals(ZIP)).toBe(true);
    expect(scene.storage.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['of an unknown coding', coded('zstd-9', ZIP)],
    ['that is not coded at all', coded('gzip', ZIP)],
    ['that breaks off in its coding', coded('gzip', gzipSync(ZIP).subarray(0, -9))],
    [
      'that breaks off, of unknown length',
      undelimited(gzipSync(ZIP).subarray(0, 50_000), { 'Content-Encoding': 'gzip' }),
    ],
    ['that is half, whole in its coding', coded('gzip', gzipSync(ZIP.subarray(0, 50_000)))],
  ])('one %s is refused', async (_name, answer) => {
    scene.answers = [answer];
    const failure = await failureOf(scene.save());
    expect(failure.kind).toMatch(/^(bad-response|gone)$/);
    expect(failure.speaker).toBe('storage');
    expect(await scene.files()).toEqual([]);
  });

  it('of unknown length is not verified', async () => {
    scene.answers = [undelimited(gzipSync(ZIP), { 'Content-Encoding': 'gzip' })];
    expect(await scene.save()).toMatchObject({ sha256: sha256(ZIP), verified: false });
  });
});

describe('the name of a result that the API does not name', () => {
  it.each([
    [
      'storage suggests one',
      { 'Content-Disposition': 'attachment; filename="../a letter.pdf"' },
      'a letter.pdf',
    ],
    ['the type is known', { 'Content-Type': 'application/pdf; x=1' }, 'job_789.pdf'],
  ])('where %s', async (_name, headers, name) => {
    scene.answers = [whole('%PDF-1.7\n%%EOF', headers)];
    expect(await scene.save({ filename: undefined })).toMatchObject({
      file: join(scene.out, name),
      verified: true,
    });
  });

  it('is the ending of the URL, which is the job with a ZIP where it has none', async () => {
    scene.answers = [whole(ZIP)];
    const url = `${scene.storage.url}/b/letter.docx?X=1`;
    expect(await scene.save({ filename: undefined, url })).toMatchObject({
      file: join(scene.out, 'job_789.docx'),
    });
    expect(await scene.save({ filename: undefined })).toMatchObject({ file: join(scene.out, 'job_789.zip') });
  });

  it('is no page that names itself', async () => {
    scene.answers = [whole(PORTAL, { 'Content-Type': 'text/html' })];
    expect(await failureOf(scene.save({ filename: undefined }))).toMatchObject({ speaker: 'portal' });
  });
});
