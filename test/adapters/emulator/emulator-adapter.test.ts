import { Readable } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { createEmulatorAdapter, multipartBody } from '../../../src/adapters/emulator/index.js';
import { blobUploadBody } from '../../../src/services/bytes/upload-body.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { begin, LATENCY_MS, read } from './adapter-scene.js';
import { fileForm } from './api-client.js';
import { readZip } from './read-zip.js';

describe('the in-process adapter', () => {
  it('takes its latency from the clock, half of it each way', async () => {
    const { clock, model, api, within } = begin();
    const sentAt = clock.now();
    const reply = await within(api.get('/workflows/catalog'));
    expect(reply.status).toBe(200);
    expect(clock.now() - sentAt).toBe(LATENCY_MS);
    expect(model.log[0]).toMatchObject({ at: sentAt + LATENCY_MS / 2, sentAt });
    expect(clock.pending()).toBe(0);
  });

  it('runs a job to its result without a socket', async () => {
    const { api, storage, within, completed } = begin();
    const { data } = await within(api.get(`${await completed()}/download`));
    const reply = await within(storage.get(data.url));
    const files = await readZip(await read(reply.data));
    expect(files.get('a.txt')?.toString()).toBe('hello');
    const part = await within(storage.get(data.url, { headers: { Range: 'bytes=4-9' } }));
    expect([part.status, (await read(part.data)).length]).toEqual([206, 6]);
  });

  it.each([
    ['bytes', () => multipartBody('straße.txt', Buffer.from('hello'))],
    ['a FormData', () => ({ data: fileForm('straße.txt', 'hello'), headers: {} })],
    ['a Blob', () => blobUploadBody(new Blob(['hello']), 'straße.txt')],
    [
      'a stream',
      () => {
        const { data, headers } = multipartBody('straße.txt', Buffer.from('hello'));
        return { data: Readable.from([data.subarray(0, 50), data.subarray(50)]), headers };
      },
    ],
  ])('takes an upload as %s', async (_, make) => {
    const { model, api } = begin();
    const { data, headers } = make();
    const adapter = createEmulatorAdapter(model, { clock: createVirtualClock() });
    const reply = await api.post('/upload', data, { headers, adapter });
    expect(reply.data).toEqual({ file_id: 'file_1' });
    expect(model.log[0]?.effect).toEqual({ type: 'uploaded', fileId: 'file_1', bytes: 5 });
  });

  it('obeys an abort signal, before and during, and leaves no timer behind', async () => {
    const { clock, api } = begin();
    for (const abortFirst of [true, false]) {
      const controller = new AbortController();
      if (abortFirst) controller.abort();
      const work = api.get('/workflows/catalog', { signal: controller.signal });
      const rejected = expect(work).rejects.toMatchObject({ code: 'ERR_CANCELED' });
      await Promise.resolve();
      controller.abort();
      await rejected;
      expect(clock.pending()).toBe(0);
    }
  });

  it('obeys the request’s own time-out, by the clock', async () => {
    const { clock, model, api, within } = begin();
    model.faults.add({ fault: { kind: 'hung' } });
    const before = clock.now();
    await expect(within(api.get('/workflows/catalog', { timeout: 5_000 }))).rejects.toMatchObject({
      code: 'ECONNABORTED',
    });
    expect(clock.now() - before).toBe(5_000);
    expect(clock.pending()).toBe(0);
  });

  it('knows no other hosts', async () => {
    const { api, within } = begin();
    await expect(within(api.get('https://elsewhere.test/x'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('judges a status by validateStatus, as axios does', async () => {
    const { api, within } = begin();
    const config: AxiosRequestConfig = { validateStatus: (status) => status < 400 };
    await expect(within(api.get('/nothing', config))).rejects.toMatchObject({
      response: { status: 404, data: { error: 'not_found' } },
    });
  });

  it.each([
    ['connection-refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
  ] as const)('fails as the network does: %s', async (kind, code) => {
    const { model, api, within } = begin();
    model.faults.add({ fault: kind === 'reset' ? { kind, when: 'before' } : { kind } });
    await expect(within(api.get('/workflows/catalog'))).rejects.toMatchObject({ code });
    expect(model.log[0]).toMatchObject({ status: undefined, faults: [kind] });
  });

  it('is slow by the clock', async () => {
    const { clock, model, api, within } = begin();
    model.faults.add({ fault: { kind: 'slow-reply', delayMs: 7_000 } });
    const before = clock.now();
    await within(api.get('/workflows/catalog'));
    expect(clock.now() - before).toBe(7_000 + LATENCY_MS);
  });

  it('cuts a streamed body in the middle', async () => {
    const { model, api, storage, within, completed } = begin();
    const { data } = await within(api.get(`${await completed()}/download`));
    model.faults.add({ on: 'storage', fault: { kind: 'cut-body', afterBytes: 20 } });
    const reply = await within(storage.get(data.url));
    const got: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of reply.data) got.push(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(Buffer.concat(got).length).toBe(20);
    model.faults.clear();
    model.faults.add({ fault: { kind: 'cut-body' } });
    await expect(within(api.get('/workflows/catalog'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('holds a client only to what it has heard', async () => {
    const { clock, model, api, within } = begin();
    model.faults.add({ on: 'catalog', fault: { kind: 'rate-limited', resetInMs: 60_000 }, nth: 1 });
    const together = [api.get('/workflows/catalog'), api.get('/workflows/catalog')];
    // Sent before the first refusal has come back, it arrives after that.
    await clock.advance(LATENCY_MS - 10);
    together.push(api.get('/workflows/catalog'));
    await within(Promise.all(together));
    await within(api.get('/workflows/catalog'));
    expect(model.log.map(({ rate }) => [rate?.shut, rate?.knownShut])).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [true, true],
    ]);
  });
});
