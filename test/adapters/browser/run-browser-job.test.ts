import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Browser from '../../../src/adapters/browser/index.js';
import type * as Services from '../../../src/services/index.js';
import { coverLetterApi } from '../../support/cover-letter-api.js';
import { failureOf } from '../../support/failure-of.js';
import { virtualTime } from '../../support/fast-clock.js';
import { serve } from '../../support/http-server.js';
import { zipOfSize } from '../../support/sample-zip.js';
import { type StoragePlan, storageServer } from '../node/storage-server.js';
import { type Bundle, bundleForBrowser } from './bundle.js';

const KEY = 'key-0123456789abcdef';
const RESULT = zipOfSize(200_000);
const SMALL = zipOfSize(500);
const sha256 = createHash('sha256').update(RESULT).digest('hex');

let bundle: Bundle;
let code: typeof Browser & typeof Services;

beforeAll(async () => {
  bundle = await bundleForBrowser(['machines/index.ts', 'services/index.ts', 'adapters/browser/index.ts']);
  code = await import(bundle.file);
});

afterAll(() => rm(dirname(bundle.file), { recursive: true, force: true }));

describe('the bundle for a browser', () => {
  it('asks for nothing of Node, and takes the browser build of axios', () => {
    expect(bundle.ofNode).toEqual([]);
    const axios = bundle.inputs.filter((input) => input.includes('node_modules/axios/'));
    expect(axios.length).toBeGreaterThan(10);
    expect(axios.filter((input) => /adapters\/http\.js|platform\/node/.test(input))).toEqual([]);
    expect(bundle.inputs.some((input) => input.includes('adapters/node'))).toBe(false);
  });
});

/** What the bundle does is run here, on fetch: the same code as in a browser or at the edge, but for XMLHttpRequest. */
describe('runBrowserJob', () => {
  const files = () => ({
    cv: new File(['my cv'], 'resume.pdf', { type: 'application/pdf' }),
    'jd.docx': new Blob(['their description']),
  });

  async function run(plan: StoragePlan, more: object = {}) {
    const storage = await storageServer(plan);
    const api = await coverLetterApi(storage.url, '../../output.zip');
    const job = { workflowId: 'goal_lane.cover_letter', files: files(), ...more };
    const handle = code.runBrowserJob({
      client: { apiKey: KEY, baseUrl: api.url },
      job,
      clock: virtualTime(),
    });
    const output = await handle.result();
    const blob = await handle.blob();
    await Promise.all([api.close(), storage.close()]);
    return { output, blob, api, storage };
  }

  it('goes from Blobs to a Blob', async () => {
    const { output, blob, api, storage } = await run({ content: RESULT, etag: '"v1"' });
    expect(output).toMatchObject({ status: 'completed', saved: { bytes: RESULT.length, sha256 } });
    expect(blob?.name).toBe('output.zip');
    expect(Buffer.from((await blob?.blob.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(RESULT);
    const uploads = api.seen.filter(({ path }) => path === '/upload').map(({ body }) => body);
    expect(uploads.find((body) => body.includes('filename="resume.pdf"'))).toContain('my cv');
    expect(uploads.find((body) => body.includes('filename="jd.docx"'))).toContain('their description');
    expect(storage.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('continues where the result broke off', async () => {
    const { output, storage } = await run({ content: RESULT, etag: '"v1"', cuts: [80_000] });
    expect(output).toMatchObject({ status: 'completed', saved: { bytes: RESULT.length, sha256 } });
    expect(storage.seen).toHaveLength(2);
    expect(storage.seen[1]?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('starts over where nothing vouches for the rest', async () => {
    const { output, storage } = await run({ content: RESULT, cuts: [80_000] });
    expect(output).toMatchObject({ status: 'completed', saved: { sha256 } });
    expect(storage.seen[1]?.headers.range).toBeUndefined();
  });

  it('gives the link alone where that is wanted', async () => {
    const { output, blob, storage } = await run({ content: RESULT }, { delivery: 'link' });
    expect(output).toMatchObject({
      status: 'completed',
      download: { url: expect.stringContaining('X-Amz') },
    });
    expect(output).not.toHaveProperty('saved');
    expect(blob).toBeUndefined();
    expect(storage.seen).toEqual([]);
  });

  it('refuses a key that cannot be meant', async () => {
    const start = () => code.runBrowserJob({ client: { apiKey: '' }, job: { jobSpecId: 'j' } });
    expect(await failureOf(start)).toMatchObject({ kind: 'invalid-input' });
  });

  it('refuses an option that cannot be meant', async () => {
    const config = JSON.parse('{"jobSpecId": "j", "confirm": "Manual"}');
    const start = () => code.runBrowserJob({ client: { apiKey: KEY }, job: config });
    expect(await failureOf(start)).toMatchObject({ kind: 'invalid-input', delivery: 'not-sent' });
  });
});

describe('createBrowserPorts', () => {
  const options = { signal: new AbortController().signal, jobId: 'a' };
  const ports = (registered: Browser.BlobFiles) =>
    code.createBrowserPorts({
      client: code.createGoalClient({ apiKey: KEY, baseUrl: 'http://127.0.0.1:1/api/v1' }),
      files: registered,
    });

  it('names each file that is not registered', async () => {
    const failure = await failureOf(
      ports({ a: new Blob(['x']) }).inspectFiles({ handles: ['a', 'b', 'toString'] }, options),
    );
    expect(failure).toMatchObject({ kind: 'file' });
    expect(failure.findings?.map((finding) => finding.split(':')[0])).toEqual(['b', 'toString']);
  });

  it('refuses a file that was swapped for another', async () => {
    const registered: Record<string, Blob> = { a: new Blob(['one']) };
    const [file] = await ports(registered).inspectFiles({ handles: ['a'] }, options);
    if (file === undefined) throw new Error('no facts');
    registered.a = new Blob(['another']);
    expect(await failureOf(ports(registered).uploadFile({ file }, options))).toMatchObject({ kind: 'file' });
  });

  it('gives a result once', async () => {
    const storage = await serve((_request, response) => void response.end(SMALL));
    const browser = ports({});
    const saved = await browser.saveResult({ jobSpecId: 'j', download: { url: storage.url } }, options);
    expect(saved).toMatchObject({ file: 'j/j.zip', bytes: SMALL.length, verified: true });
    expect(browser.takeResult(saved.file)?.blob.size).toBe(SMALL.length);
    expect(browser.takeResult(saved.file)).toBeUndefined();
    await storage.close();
  });
});
