import { describe, expect, it } from 'vitest';
import { prospectsOf, type StoredJobs } from '../../../src/engine/durable/index.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import type { FailureKind } from '../../../src/services/failure.js';
import { failure, reading } from '../../support/scripted-ports.js';
import { createWorld, INPUT, isOver, type World } from './world.js';

const HOUR_MS = 3_600_000;
const COMPLETED = { status: 'completed', saved: { file: '/out/output.zip' } };

const world = () => createWorld(createMemoryStore());

async function outputOf(w: World, jobs: StoredJobs): Promise<unknown> {
  const handle = await jobs.resume('one');
  await w.untilOver(handle);
  return isOver(handle) ? handle.result() : handle.view().path;
}

async function recordIn(w: World): Promise<JobRecord> {
  const record = await w.store.load('one');
  if (record === undefined) throw new Error('nothing is stored');
  return record;
}

/** Runs a job of which one port refuses until it is repaired; returns its record. */
async function letGo(w: World, name: 'getStatus' | 'fillSlots' | 'getDownload' | 'saveResult', why: unknown) {
  let isMended = false;
  const broken = (input: never, options: never): Promise<never> =>
    isMended ? (w.ports[name](input, options) as Promise<never>) : Promise.reject(why);
  const jobs = w.open('first', { ports: { ...w.ports, [name]: broken } as JobPorts });
  const handle = await jobs.start(INPUT, { id: 'one' });
  await w.untilOver(handle);
  return {
    jobs,
    output: await handle.result(),
    mend() {
      isMended = true;
    },
  };
}

describe('a job that is detached because of a refusal', () => {
  it.each([
    ['getStatus', failure('not-found').fail, 'unreachable'],
    ['getStatus', failure('rejected', { status: 451 }).fail, 'unreachable'],
    ['fillSlots', failure('invalid-transition').fail, 'unreachable'],
    ['getDownload', failure('not-found').fail, 'unreachable'],
    ['saveResult', failure('gone').fail, 'unreachable'],
    ['saveResult', failure('storage', { message: 'no space' }).fail, 'local-failure'],
    ['getStatus', new TypeError('a bug of the host'), 'local-failure'],
  ] as const)('continues once the refusals end: %s', async (name, why, reason) => {
    const w = world();
    const { jobs, output, mend } = await letGo(w, name, why);
    expect(output).toMatchObject({ status: 'detached', reason, jobSpecId: 'job_1' });
    expect(await recordIn(w)).toMatchObject({ state: 'detached', jobSpecId: 'job_1' });
    expect(prospectsOf(await recordIn(w), w.clock.now()).canResume).toBe(true);
    mend();
    const { handles, refused } = await jobs.resumeAll();
    expect(refused).toEqual([]);
    for (const handle of handles) await w.untilOver(handle);
    expect(await handles[0]?.result()).toMatchObject(COMPLETED);
    expect(w.server.log).toMatchObject({ creates: 1, answered: ['start', 'outline', 'review'] });
  });

  it('is too late for a result that the server is believed to keep no longer', async () => {
    const w = world();
    let isAsleep = false;
    const getStatus: JobPorts['getStatus'] = async (input, options) => {
      const reported = await w.ports.getStatus(input, options);
      if (reported.status !== 'completed' || isAsleep) return reported;
      isAsleep = true;
      throw failure('rate-limited', { retryAt: w.clock.now() + 25 * HOUR_MS }).fail;
    };
    const getDownload: JobPorts['getDownload'] = () =>
      Promise.reject(failure('not-found', { path: '/jobs/goal/job_1/download' }).fail);
    const jobs = w.open('first', { ports: { ...w.ports, getStatus, getDownload } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'detached', failure: { kind: 'gone' } });
    const { canResume, notes } = prospectsOf(await recordIn(w), w.clock.now());
    expect(canResume).toBe(false);
    expect(notes.join(' ')).toContain('it is gone');
  });
});

describe('a job whose create may have been acted upon', () => {
  it('is not created again when the clock broke after it', async () => {
    const w = world();
    let isBroken = false;
    const createJob: JobPorts['createJob'] = async (input, options) => {
      await w.ports.createJob(input, options);
      isBroken = true;
      throw failure('network', { delivery: 'unknown' }).fail;
    };
    const waitUntil: JobPorts['waitUntil'] = (input, options) =>
      isBroken ? Promise.reject(new Error('the clock is broken')) : w.ports.waitUntil(input, options);
    const jobs = w.open('first', { ports: { ...w.ports, createJob, waitUntil } });
    const handle = await jobs.start({ ...INPUT, onUnknownOutcome: 'retry' }, { id: 'one' });
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      reason: 'outcome-unknown',
      failure: { kind: 'outcome-unknown' },
    });
    expect(await outputOf(w, w.open('second'))).toBe('preparing.outcomeUnknown');
    expect(w.server.log.creates).toBe(1);
  });
});

describe('a job that an older release stored as failed', () => {
  /** The record as that release wrote it: the end of the machine, and its output. */
  async function storedAsFailed(w: World, kind: FailureKind): Promise<void> {
    const jobs = w.open('old');
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    const { context } = handle.actor.getSnapshot();
    await jobs.close();
    const why = failure(kind).fail;
    const output = { status: 'failed', jobSpecId: 'job_1', failure: why };
    const snapshot = {
      status: 'done',
      value: 'failed',
      historyValue: {},
      context: { ...context, outcome: 'failed', failure: why, refusedDownloads: 0 },
      children: {},
      output,
    };
    const owner = { id: 'old', pid: 1, host: 'x', startedAt: '' };
    const answer = await w.store.acquireLease('one', { owner, now: w.clock.now(), ttlMs: 1 });
    if (!answer.acquired) throw new Error('held');
    const record = {
      ...(await recordIn(w)),
      state: 'failed',
      tags: [],
      snapshot: JSON.parse(JSON.stringify(snapshot)),
    };
    await w.store.save(record, { lease: answer.lease, effect: true });
    await w.store.releaseLease(answer.lease);
  }

  it.each(['not-found', 'rejected', 'gone', 'internal'] as const)(
    'continues, with its answers, if the API did not say so: %s',
    async (kind) => {
      const w = world();
      await storedAsFailed(w, kind);
      expect(prospectsOf(await recordIn(w), w.clock.now()).notes.join()).toContain(
        'may be alive on the server',
      );
      const sent: unknown[] = [];
      const fillSlots: JobPorts['fillSlots'] = (input, options) => {
        sent.push(...input.slots.map(({ value }) => value));
        return w.ports.fillSlots(input, options);
      };
      const second = w.open('second', { ports: { ...w.ports, fillSlots } });
      expect(await outputOf(w, second)).toMatchObject(COMPLETED);
      expect(w.server.log).toMatchObject({ creates: 1, answered: ['start', 'outline', 'review'] });
      expect(sent).toEqual(['bold', 'calm']);
    },
  );

  it('is over if the API said so', async () => {
    const w = world();
    await storedAsFailed(w, 'job-failed');
    expect(prospectsOf(await recordIn(w), w.clock.now())).toMatchObject({ canResume: false });
    await expect(w.open('second').resume('one')).rejects.toMatchObject({ reason: 'finished' });
  });
});

describe('a machine that breaks', () => {
  it('detaches from a job that is alive', async () => {
    const w = world();
    const jobs = w.open('first', { ports: { ...w.ports, getStatus: async () => reading('executing') } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    handle.actor.stop();
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      reason: 'local-failure',
      jobSpecId: 'job_1',
    });
    expect(await recordIn(w)).toMatchObject({ state: 'executing' });
  });
});
