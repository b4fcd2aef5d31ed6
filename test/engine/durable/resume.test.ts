import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StoredJobHandle, StoredJobs } from '../../../src/engine/durable/index.js';
import { CREATE_GRACE_MS } from '../../../src/engine/job/create-grace.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import type { JobEmitted } from '../../../src/machines/job-events.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { failure } from '../../support/scripted-ports.js';
import { createWorld, INPUT, isOver, type World } from './world.js';

const ASK: JobInput = { workflowId: 'wf', files: ['/in/a.txt', '/in/b.txt'] };
const COMPLETED = { status: 'completed', saved: { file: '/out/output.zip' } };
const HOUR_MS = 3_600_000;

const world = () => createWorld(createMemoryStore());

async function finished(
  w: World,
  jobs: StoredJobs,
  changes?: Parameters<StoredJobs['resume']>[1],
): Promise<unknown> {
  const handle = await jobs.resume('one', changes);
  await w.untilOver(handle);
  return isOver(handle) ? handle.result() : handle.view().path;
}

/** A port that does not answer until it is aborted. */
const never = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

async function stopAt(w: World, path: string, ports: Partial<JobPorts> = {}, input = INPUT): Promise<void> {
  const jobs = w.open('first', { ports: { ...w.ports, ...ports } });
  const handle = await jobs.start(input, { id: 'one' });
  await w.untilAt(handle, path);
  expect(handle.view().path).toBe(path);
  await w.clock.advance(1_500);
  const closed = jobs.close();
  if (path === 'preparing.creating') await w.clock.advance(CREATE_GRACE_MS);
  await closed;
}

const heard = (handle: StoredJobHandle): JobEmitted[] => {
  const events: JobEmitted[] = [];
  handle.on('*', (event) => events.push(event));
  return events;
};

describe('a job that was detached', () => {
  it.each([
    'preparing.validating',
    'preparing.queued',
    'pending.filling',
    'confirming.sending',
    'executing.awaitingTurn',
    'downloading.saving',
  ])('continues from %s as if nothing had happened', async (path) => {
    const w = world();
    const stuck: Partial<Record<string, Partial<JobPorts>>> = {
      'preparing.validating': { loadCatalog: never },
      'preparing.queued': { startTurn: never },
      'pending.filling': { fillSlots: never },
      'confirming.sending': { confirmJob: never },
      'executing.awaitingTurn': { getStatus: never },
      'downloading.saving': { saveResult: never },
    };
    // The first status is read while confirming; the job is stuck looking ahead when it executes.
    let reads = 0;
    const getStatus: JobPorts['getStatus'] = (input, options) => {
      reads += 1;
      return reads === 1 ? w.ports.getStatus(input, options) : never(input, options);
    };
    await stopAt(w, path, path === 'executing.awaitingTurn' ? { getStatus } : stuck[path]);
    expect(await w.store.load('one')).toMatchObject({
      state: 'detached',
      waitsFor: { reason: 'resume (requested)' },
    });
    expect(await finished(w, w.open('second'))).toMatchObject(COMPLETED);
    expect(w.server.log).toMatchObject({ creates: 1, answered: ['start', 'outline', 'review'] });
    expect(w.server.log.uploads).toHaveLength(2);
  });

  it('does not upload again what had arrived while another file was still on its way', async () => {
    const w = world();
    const uploadFile: JobPorts['uploadFile'] = (input, options) =>
      input.file.name === 'b.txt' ? never(input, options) : w.ports.uploadFile(input, options);
    await stopAt(w, 'preparing.uploading', { uploadFile });
    expect(await finished(w, w.open('second'))).toMatchObject(COMPLETED);
    expect(w.server.log.uploads).toEqual(['a.txt', 'b.txt']);
  });

  it('does not create again where a create was under way', async () => {
    const w = world();
    const createJob: JobPorts['createJob'] = async (input, options) => {
      await w.ports.createJob(input, options);
      return never(input, options);
    };
    await stopAt(w, 'preparing.creating', { createJob });
    const jobs = w.open('second');
    const handle = await jobs.resume('one');
    await w.untilOver(handle);
    expect(handle.view().path).toBe('preparing.outcomeUnknown');
    expect((await w.store.load('one'))?.waitsFor).toEqual({ reason: 'a decision: was the job created?' });
    await jobs.close();
    const third = w.open('third');
    const again = await third.resume('one');
    const events = heard(again);
    await w.clock.advance(10);
    expect(events).toMatchObject([{ type: 'outcomeUnknown', failure: { kind: 'outcome-unknown' } }]);
    again.send({ type: 'ADOPT', jobSpecId: 'job_1' });
    await w.untilOver(again);
    expect(await again.result()).toMatchObject(COMPLETED);
    expect(w.server.log.creates).toBe(1);
  });

  it('asks its question again, and takes the answers that it is resumed with', async () => {
    const w = world();
    await stopAt(w, 'pending.awaitingSlots', {}, ASK);
    expect((await w.store.load('one'))?.state).toBe('detached');
    const second = w.open('second');
    const handle = await second.resume('one');
    const events = heard(handle);
    await w.clock.advance(10);
    expect(events).toMatchObject([{ type: 'inputNeeded', request: { missing: ['tone'] } }]);
    expect(await w.store.load('one')).toMatchObject({
      state: 'pending',
      tags: ['user-input'],
      waitsFor: { reason: 'input: tone' },
    });
    await second.close();
    const third = w.open('third');
    expect(await finished(w, third, { answers: { tone: ['plain', 'bold', 'calm'] } })).toMatchObject(
      COMPLETED,
    );
    expect(w.server.log.answered).toEqual(['start', 'outline', 'review']);
  });

  it('that ended without an answer continues with one, and ends again without a person to ask', async () => {
    const w = world();
    const first = w.open('first');
    const handle = await first.start(
      { ...ASK, missingSlots: 'fail', slots: { tone: 'plain' } },
      { id: 'one' },
    );
    await w.untilOver(handle);
    // The catalog asks for nothing, so the value of the slot serves each question.
    expect(await handle.result()).toMatchObject(COMPLETED);
    const w2 = world();
    const jobs = w2.open('first');
    const asked = await jobs.start(
      { ...ASK, missingSlots: 'fail', answers: { tone: ['plain'] } },
      { id: 'one' },
    );
    await w2.untilOver(asked);
    expect(await asked.result()).toMatchObject({ status: 'detached', reason: 'input-needed' });
    expect(await finished(w2, jobs)).toMatchObject({ status: 'detached', reason: 'input-needed' });
    expect(await finished(w2, jobs, { answers: { tone: ['bold', 'calm'] } })).toMatchObject(COMPLETED);
    expect(w2.server.log.answered).toEqual(['start', 'outline', 'review']);
  });

  it('that would have waited too long still waits for the limit before it asks again', async () => {
    const w = world();
    const resetAt = w.clock.now() + HOUR_MS;
    let creates = 0;
    const createJob: JobPorts['createJob'] = (input, options) => {
      creates += 1;
      if (w.clock.now() < resetAt) throw failure('rate-limited', { retryAt: resetAt, limit: 'quota' }).fail;
      return w.ports.createJob(input, options);
    };
    const jobs = w.open('first', { ports: { ...w.ports, createJob } });
    const handle = await jobs.start({ ...INPUT, deadlineAt: w.clock.now() + 60_000 }, { id: 'one' });
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
    const resumed = await jobs.resume('one');
    await w.clock.advance(30 * 60_000);
    expect(resumed.view()).toMatchObject({ path: 'preparing.rateLimited', waitingUntil: resetAt });
    expect(creates).toBe(1);
    await w.untilOver(resumed);
    expect(await resumed.result()).toMatchObject(COMPLETED);
    expect(creates).toBe(2);
  });

  it('because the server was unreachable is looked up there with full patience again', async () => {
    const w = world();
    let isDown = false;
    const getStatus: JobPorts['getStatus'] = (input, options) => {
      if (isDown) throw failure('network', { delivery: 'unknown' }).fail;
      return w.ports.getStatus(input, options);
    };
    const jobs = w.open('first', { ports: { ...w.ports, getStatus } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    isDown = true;
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'unreachable' });
    isDown = false;
    expect(await finished(w, jobs)).toMatchObject(COMPLETED);
    expect(w.server.log.creates).toBe(1);
  });
});

describe('a job of an older chart', () => {
  const fixture: JobRecord = JSON.parse(
    readFileSync(new URL('../store/fixtures/record-v1.json', import.meta.url), 'utf8'),
  );

  /** Stored by a process that is gone. */
  async function stored(w: World, record: JobRecord): Promise<void> {
    const owner = { id: 'old', pid: 1, host: 'x', startedAt: '' };
    const answer = await w.store.acquireLease(record.id, { owner, now: w.clock.now(), ttlMs: 1 });
    if (!answer.acquired) throw new Error('held');
    await w.store.save(record, { lease: answer.lease, effect: true });
    await w.store.releaseLease(answer.lease);
  }

  it('is looked up on the server by its id', async () => {
    const w = world();
    await stored(w, fixture);
    const handle = await w.open('second').resume(fixture.id);
    await w.untilOver(handle);
    expect(handle.view()).toMatchObject({ path: 'completed', jobSpecId: 'job_789' });
    expect(w.server.log.creates).toBe(0);
  });

  it('is left as it is if it is unknown whether it was created', async () => {
    const w = world();
    const { jobSpecId: _, ...unnamed } = fixture;
    await stored(w, {
      ...unnamed,
      state: 'preparing',
      snapshot: { value: { preparing: 'posting' }, context: {} },
    });
    await expect(w.open('second').resume(fixture.id)).rejects.toMatchObject({ reason: 'unreadable' });
    expect(await w.store.load(fixture.id)).toMatchObject({ state: 'preparing' });
    expect(await w.store.leases()).toEqual([]);
  });

  it('continues if its state is known, and keeps the fields of a later release', async () => {
    const w = world();
    await stopAt(w, 'executing.awaitingTurn');
    const record = await w.store.load('one');
    const bare = JSON.stringify(record, (key, value) =>
      ['fills', 'staleReadings', 'turns', 'refusedDownloads', 'children'].includes(key) ? undefined : value,
    );
    await stored(w, JSON.parse(bare));
    let refusals = 0;
    const saveResult: JobPorts['saveResult'] = async (input, options) => {
      refusals += 1;
      if (refusals === 1) throw failure('gone').fail;
      return w.ports.saveResult(input, options);
    };
    const second = w.open('second', { ports: { ...w.ports, saveResult } });
    expect(await finished(w, second, { answers: { tone: ['bold', 'calm'] } })).toMatchObject(COMPLETED);
    expect(w.server.log).toMatchObject({ creates: 1, answered: ['start', 'outline', 'review'] });
  });
});
