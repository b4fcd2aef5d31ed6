import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/adapters/emulator/index.js';
import { begin, read } from './adapter-scene.js';

/** A result under a fault, as axios hands it over. */
async function fetched(fault: Fault | readonly Fault[], decompress?: boolean) {
  const { model, api, storage, within, completed } = begin();
  const { data } = await within(api.get(`${await completed()}/download`));
  const whole = await read((await within(storage.get(data.url))).data);
  model.faults.add({ on: 'storage', fault });
  const config = decompress === undefined ? {} : { decompress };
  const reply = await within(storage.get(data.url, config));
  return { whole, reply };
}

describe('bodies in one process, as axios’s own transport hands them over', () => {
  it('removes a coding and its header, unless configured otherwise', async () => {
    const gzip: Fault = { kind: 'content-encoding', encoding: 'gzip' };
    const { whole, reply } = await fetched(gzip);
    expect(reply.headers).not.toHaveProperty('content-encoding');
    expect((await read(reply.data)).equals(whole)).toBe(true);
    const raw = (await fetched(gzip, false)).reply;
    expect(raw.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(raw.headers).not.toHaveProperty('content-length');
    expect(gunzipSync(await read(raw.data)).equals(whole)).toBe(true);
  });

  it('breaks on bytes that are not in the coding that the header names', async () => {
    const lie: Fault = { kind: 'content-encoding', encoding: 'identity', label: 'gzip' };
    await expect(fetched(lie)).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
    const { whole, reply } = await fetched(lie, false);
    expect((await read(reply.data)).equals(whole)).toBe(true);
  });

  it('hands over what it does not know, as it is', async () => {
    const { reply, whole } = await fetched({ kind: 'content-encoding', encoding: 'gzip', label: 'zstd' });
    expect(reply.headers).toMatchObject({ 'content-encoding': 'zstd' });
    expect((await read(reply.data)).equals(gzipSync(whole))).toBe(true);
  });

  it('ends a body without a length in the middle, in silence or with a break', async () => {
    const { whole, reply } = await fetched({ kind: 'unsized-body', framing: 'close', cut: true });
    expect(reply.headers).not.toHaveProperty('content-length');
    expect((await read(reply.data)).equals(whole.subarray(0, Math.floor(whole.length / 2)))).toBe(true);
    const broken = await fetched({ kind: 'unsized-body', framing: 'chunked', cut: true });
    await expect(read(broken.reply.data)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('knows nothing of early replies: a body comes as a whole', async () => {
    const { model, api, within } = begin({ faults: [{ fault: { kind: 'early-reply' } }] });
    const form = new FormData();
    form.append('file', new Blob(['hello']), 'a.txt');
    expect((await within(api.post('/upload', form))).status).toBe(200);
    expect(model.log.at(-1)).toMatchObject({ faults: [], effect: { bytes: 5 } });
  });
});
