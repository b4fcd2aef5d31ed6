import { describe, expect, it } from 'vitest';
import { prospectsOf } from '../../../src/engine/durable/index.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { failure } from '../../support/scripted-ports.js';
import { NOW, sampleRecord } from '../store/sample-record.js';
import { createWorld, INPUT, owner, type World } from './world.js';

const HOUR_MS = 3_600_000;
const never = (): Promise<never> => new Promise(() => undefined);

/** A process that dies where a port does not answer: its jobs stay as they were stored. */
async function dieAt(w: World, path: string, ports: Partial<JobPorts>): Promise<JobRecord> {
  const handle = await w.open('first', { ports: { ...w.ports, ...ports } }).start(INPUT, { id: 'one' });
  await w.untilAt(handle, path);
  await w.clock.advance(100);
  const record = await w.store.load('one');
  if (!record) throw new Error('not stored');
  return record;
}

const world = () => createWorld(createMemoryStore({ isGone: () => true }));

describe('files to upload', () => {
  const uploadFile = never;

  it('are refused where they were changed, and the job stays until they are what they were', async () => {
    const w = world();
    await dieAt(w, 'preparing.uploading', { uploadFile });
    const original = w.disk.content.get('/in/a.txt');
    w.disk.content.set('/in/a.txt', { text: 'Content of /in/a.txt', mtimeMs: 1_000 });
    const jobs = w.open('second');
    await expect(jobs.resume('one')).rejects.toMatchObject({
      reason: 'files-changed',
      findings: ['/in/a.txt: its content is not what it was when the job began'],
    });
    w.disk.content.set('/in/a.txt', { text: 'longer than before, by far', mtimeMs: 1_000 });
    await expect(jobs.resume('one')).rejects.toThrow(/had 20 bytes when the job began, and has 26 now/);
    w.disk.content.delete('/in/a.txt');
    await expect(jobs.resume('one')).rejects.toThrow(/cannot be read any more/);
    expect(w.server.log.uploads).toEqual([]);
    // Only its time has changed: it is the same file.
    w.disk.content.set('/in/a.txt', { text: original?.text ?? '', mtimeMs: 9_999 });
    const handle = await jobs.resume('one');
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
  });

  it('go up where only their time has changed, before the job is resumed or after', async () => {
    const w = world();
    await dieAt(w, 'preparing.uploading', { uploadFile });
    const touch = (path: string, mtimeMs: number): void => {
      w.disk.content.set(path, { text: w.disk.content.get(path)?.text ?? '', mtimeMs });
    };
    touch('/in/a.txt', 9_999);
    const expected: (readonly [string, number | undefined])[] = [];
    const jobs = w.open('second', {
      uploadsAtOnce: 1,
      ports: {
        ...w.ports,
        uploadFile(input, options) {
          expected.push([input.file.handle, input.file.modifiedAt]);
          touch('/in/b.txt', 8_888);
          return w.ports.uploadFile(input, options);
        },
      },
    });
    const handle = await jobs.resume('one');
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(expected).toEqual([
      ['/in/a.txt', 9_999],
      ['/in/b.txt', 8_888],
    ]);
  });

  it('are looked at once more when their turn comes', async () => {
    const w = world();
    const handle = await w
      .open('first', {
        ports: {
          ...w.ports,
          async uploadFile(input, options) {
            w.disk.content.set('/in/b.txt', { text: 'something else', mtimeMs: 2_000 });
            return w.ports.uploadFile(input, options);
          },
        },
        uploadsAtOnce: 1,
      })
      .start(INPUT);
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
    expect(w.server.log).toMatchObject({ uploads: ['a.txt'], creates: 0 });
  });

  it('are uploaded again where they went up more than 24 h ago', async () => {
    const w = world();
    let isStuck = true;
    const uploads: Partial<JobPorts> = {
      uploadFile: (input, options) =>
        input.file.name === 'b.txt' && isStuck ? never() : w.ports.uploadFile(input, options),
    };
    const record = await dieAt(w, 'preparing.uploading', uploads);
    isStuck = false;
    expect(record.retention).toEqual({ filesExpireAt: w.clock.now() - 100 + 24 * HOUR_MS });
    await w.clock.advance(48 * HOUR_MS);
    expect(prospectsOf(record, w.clock.now())).toMatchObject({
      canResume: true,
      notes: [expect.stringContaining('they will be uploaded again')],
    });
    const handle = await w.open('second').resume('one');
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(w.server.log.uploads).toEqual(['a.txt', 'a.txt', 'b.txt']);
  });
});

describe('files that the server has lost', () => {
  it('are uploaded before a create that would name them', async () => {
    const w = world();
    const record = await dieAt(w, 'preparing.uploading', { uploadFile: never });
    const upload = { fileId: 'file_old', uploadedAt: w.clock.now() };
    const armed = JSON.stringify(record)
      .replace('{"preparing":"uploading"}', '{"preparing":"takingTicket"}')
      .replace('"uploads":[null,null]', `"uploads":[${JSON.stringify(upload)},${JSON.stringify(upload)}]`);
    await w.clock.advance(48 * HOUR_MS);
    const claim = { owner: owner('editor'), now: w.clock.now(), ttlMs: 1 };
    const answer = await w.store.acquireLease('one', claim);
    if (!answer.acquired) throw new Error('held');
    await w.store.save(JSON.parse(armed), { lease: answer.lease, effect: true });
    expect((await w.store.load('one'))?.snapshot).toMatchObject({
      value: { preparing: 'takingTicket' },
      context: { uploads: [upload, upload] },
    });
    const handle = await w.open('second').resume('one');
    await w.untilOver(handle);
    expect(w.server.log).toMatchObject({ creates: 1, uploads: ['a.txt', 'b.txt'] });
  });

  it('are all uploaded again, also by a later process', async () => {
    const w = world();
    let isLost = false;
    const ports: Partial<JobPorts> = {
      uploadFile: (input, options) => (isLost ? never() : w.ports.uploadFile(input, options)),
      async createJob() {
        isLost = true;
        throw failure('gone', { serverMessage: 'file expired' }).fail;
      },
    };
    const handle = await w.open('first', { ports: { ...w.ports, ...ports } }).start(INPUT, { id: 'one' });
    await w.clock.runUntil(() => isLost && handle.view().path === 'preparing.uploading');
    await w.clock.advance(100);
    expect((await w.store.load('one'))?.retention).toEqual({});
    const resumed = await w.open('second').resume('one');
    await w.untilOver(resumed);
    expect(await resumed.result()).toMatchObject({ status: 'completed' });
    expect(w.server.log.uploads).toEqual(['a.txt', 'b.txt', 'a.txt', 'b.txt']);
  });
});

describe('the result', () => {
  it('is fetched through a fresh URL by a later process, as long as the server keeps it', async () => {
    const w = world();
    const urls: number[] = [];
    const ports: Partial<JobPorts> = {
      getDownload: (input, options) => {
        urls.push(w.clock.now());
        return w.ports.getDownload(input, options);
      },
    };
    const record = await dieAt(w, 'downloading.saving', { ...ports, saveResult: never });
    const completedAt = w.clock.now() - 100;
    expect(record.retention).toEqual({
      resultExpiresAt: completedAt + 24 * HOUR_MS,
      urlExpiresAt: completedAt + HOUR_MS,
    });
    expect(JSON.stringify(record)).not.toContain('storage.test');
    await w.clock.advance(20 * HOUR_MS);
    expect(prospectsOf(record, w.clock.now()).notes.join(' ')).toMatch(
      /a fresh one will be asked for.*kept until/,
    );
    const handle = await w.open('second', { ports: { ...w.ports, ...ports } }).resume('one');
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(urls).toHaveLength(2);
    // It was completed when it was first heard of, not when it was fetched.
    expect((await w.store.load('one'))?.retention.resultExpiresAt).toBe(completedAt + 24 * HOUR_MS);
  });

  it('is said to be gone two days later, with what is still possible', async () => {
    const w = world();
    await dieAt(w, 'downloading.saving', { saveResult: never });
    await w.clock.advance(48 * HOUR_MS);
    const error = await w
      .open('second')
      .resume('one')
      .catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ reason: 'expired', advice: expect.stringContaining('new job') });
    expect(String(error)).toMatch(/kept until 2026-03-31T\d\d:.*same input can be run again/);
    expect((await w.store.load('one'))?.state).toBe('downloading');
    expect((await w.store.leases()).map((lease) => lease.owner.id)).toEqual([]);
  });
});

describe('prospectsOf', () => {
  it.each([
    ['completed', {}, false, ''],
    ['completed', { resultExpiresAt: NOW + 1 }, false, 'attach'],
    ['completed', { resultExpiresAt: NOW }, false, 'it is gone'],
    ['failed', {}, false, 'has failed'],
    ['executing', {}, true, ''],
    ['detached', { resultExpiresAt: NOW }, false, 'it is gone'],
  ])('of a job that is %s with %j', (state, retention, canResume, says) => {
    const prospects = prospectsOf(sampleRecord('one', { state, retention }), NOW);
    expect(prospects.canResume).toBe(canResume);
    expect(prospects.notes.join(' ')).toContain(says);
  });
});
