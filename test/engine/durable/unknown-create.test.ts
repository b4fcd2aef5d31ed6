import { describe, expect, it } from 'vitest';
import { createStandingOf, prospectsOf } from '../../../src/engine/durable/index.js';
import { CREATE_GRACE_MS } from '../../../src/engine/job/create-grace.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { createWorld, INPUT, type World } from './world.js';

/** A server that creates the job, and a network that loses its reply. */
const lostReply =
  (w: World): JobPorts['createJob'] =>
  async (input, options) => {
    await w.ports.createJob(input, options);
    throw new Error('the reply is lost');
  };

const never = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

async function storedAfter(w: World, createJob: JobPorts['createJob'], more: Partial<JobInput> = {}) {
  const jobs = w.open('first', { ports: { ...w.ports, createJob } });
  const input = { ...INPUT, ...more } as JobInput; // Of the two kinds of input, it stays the one of a new job.
  const handle = await jobs.start(input, { id: 'one' });
  await w.clock.runUntil(() => w.server.log.creates === 1 || handle.actor.getSnapshot().status !== 'active');
  await w.untilOver(handle).catch(() => undefined);
  await jobs.close();
  const record = await w.store.load('one');
  if (record === undefined) throw new Error('nothing was stored');
  return record;
}

const UNDECIDED = {
  state: 'detached',
  tags: ['user-input'],
  waitsFor: { reason: 'a decision: was the job created?' },
  snapshot: { status: 'active', value: { preparing: 'outcomeUnknown' } },
};

describe('a create of unknown outcome is stored as itself', () => {
  it.each(['fail', 'ask'] as const)('under the policy %s', async (onUnknownOutcome) => {
    const w = createWorld(createMemoryStore());
    const record = await storedAfter(w, lostReply(w), { onUnknownOutcome });
    expect(record).toMatchObject(UNDECIDED);
    expect(createStandingOf(record)).toBe('undecided');
    const { canResume, notes } = prospectsOf(record, w.clock.now());
    expect(canResume).toBe(true);
    expect(notes[0]).toContain('a person has to decide');
  });

  it('where the host closes while it is in flight', async () => {
    const w = createWorld(createMemoryStore());
    const jobs = w.open('first', { ports: { ...w.ports, createJob: never } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'preparing.creating');
    await w.clock.advance(0);
    const stored = await w.store.load('one');
    expect(stored && createStandingOf(stored)).toBe('in-flight');
    const closed = jobs.close();
    await w.clock.advance(CREATE_GRACE_MS);
    await closed;
    expect(await w.store.load('one')).toMatchObject(UNDECIDED);
  });
});

describe('resuming it', () => {
  it('detaches again without a person to ask, and changes nothing', async () => {
    const w = createWorld(createMemoryStore());
    await storedAfter(w, lostReply(w), { onUnknownOutcome: 'fail' });
    const jobs = w.open('second');
    const handle = await jobs.resume('one', { onUnknownOutcome: 'fail' });
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'outcome-unknown' });
    await jobs.close();
    expect(await w.store.load('one')).toMatchObject(UNDECIDED);
    expect(w.server.log.creates).toBe(1);
  });

  it.each([
    ['adopt', { type: 'ADOPT', jobSpecId: 'job_1' }, 1],
    ['retry', { type: 'RETRY' }, 2],
  ] as const)('takes the decision to %s', async (_name, decision, creates) => {
    const w = createWorld(createMemoryStore());
    await storedAfter(w, lostReply(w), { onUnknownOutcome: 'fail' });
    const jobs = w.open('second');
    const handle = await jobs.resume('one');
    handle.send(decision);
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(w.server.log.creates).toBe(creates);
  });
});
