import { describe, expect, it } from 'vitest';
import { layered } from '../../../../src/engine/binding/ports-layer.js';
import { type Admission, createAdmission } from '../../../../src/engine/lane/starts/admission.js';
import { afterLoading } from '../../../../src/engine/lane/starts/after-loading-layer.js';
import { startQueue } from '../../../../src/engine/lane/starts/start-queue-layer.js';
import type { QueueRank } from '../../../../src/engine/store/record/job-record.js';
import type { JobPorts } from '../../../../src/machines/ports.js';
import { failure, job, reading, scriptedPorts } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const of = (jobId: string, signal = new AbortController().signal) => ({ jobId, signal });
const NEW = { workflowId: 'wf', fileIds: [] };
const ONE = { jobSpecId: 'job_1' };
const CONFIRM = { ...ONE, itemVersion: 1 };

/** A 429 of the server for the number of concurrent jobs, and what resembles it. */
const crowded = failure('rate-limited', { limit: 'concurrency', status: 429 });
const OTHERS = [
  failure('rate-limited', { limit: 'quota', status: 429 }),
  // Nothing was sent.
  failure('rate-limited', { limit: 'concurrency' }),
  failure('server', { limit: 'concurrency', status: 500 }),
];

function scene(answers: Parameters<typeof scriptedPorts>[1] = {}, hint = 2) {
  const clock = createVirtualClock();
  const admission = createAdmission({ clock, hint, creations: () => undefined });
  const ranks = new Map<string, QueueRank>();
  const { ports: base, calls } = scriptedPorts(clock, answers);
  const ports = layered(
    base,
    startQueue(admission, (jobId) => ranks.get(jobId)),
  );
  const started: string[] = [];
  const start = (jobId: string): void => {
    void ports.startTurn({}, of(jobId)).then(() => started.push(jobId));
  };
  return { clock, admission, ranks, ports, calls, started, start };
}

const places = ({ places: { taken } }: Admission): number => taken;
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('the queue before the start of a job', () => {
  it('has jobs in the order of their ranks, those without a rank first among equals', async () => {
    const { admission, ranks, started, start } = scene({}, 1);
    ranks.set('late', { priority: 0, order: 9 });
    ranks.set('early', { priority: 0, order: 1 });
    ranks.set('urgent', { priority: 1, order: 9 });
    for (const jobId of ['holder', 'late', 'early', 'urgent', 'unranked']) start(jobId);
    for (const jobId of ['holder', 'urgent', 'unranked', 'early']) {
      await turn();
      admission.release(jobId);
    }
    await turn();
    expect(started).toEqual(['holder', 'urgent', 'unranked', 'early', 'late']);
  });

  it('is left by a job that is aborted', async () => {
    const { admission, ports, start } = scene({}, 1);
    start('holder');
    const abort = new AbortController();
    const waiting = failureOf(ports.startTurn({}, of('a', abort.signal)));
    expect(admission.waiting).toBe(1);
    abort.abort(new Error('no more'));
    expect(await waiting).toMatchObject({ message: 'no more' });
    expect(admission.waiting).toBe(0);
  });
});

describe('a place', () => {
  it.each<[string, (ports: JobPorts) => Promise<unknown>]>([
    ['its create', (ports) => ports.createJob(NEW, of('a'))],
    ['a read of the job', (ports) => ports.getJob(ONE, of('a'))],
    ['a read of its status', (ports) => ports.getStatus(ONE, of('a'))],
  ])('is taken by %s', async (_, call) => {
    const { admission, ports } = scene();
    await call(ports);
    expect([places(admission), admission.hasPlace('a')]).toEqual([1, true]);
  });

  it.each(['completed', 'failed'] as const)('is given back when the job is seen %s', async (status) => {
    const answers = {
      getJob: [job(), job({ status })],
      getStatus: [reading('slot_needed'), reading(status)],
    };
    for (const read of ['getJob', 'getStatus'] as const) {
      const { admission, ports } = scene(answers);
      await ports[read](ONE, of('a'));
      expect(places(admission)).toBe(1);
      await ports[read](ONE, of('a'));
      expect(places(admission)).toBe(0);
    }
  });

  it('is no longer assumed once the server has refused a create for their number, and that alone', async () => {
    const { admission, ports } = scene({ createJob: [...OTHERS, crowded] });
    for (const _ of OTHERS) await failureOf(ports.createJob(NEW, of('a')));
    expect(admission.places.limit).toBe(2);
    expect(await failureOf(ports.createJob(NEW, of('a')))).toBe(crowded.fail);
    expect(admission.places.limit).toBe(0);
  });

  it('is kept by a job whose create may have had an effect', async () => {
    const { admission, ports } = scene({ createJob: [failure('network')] });
    await failureOf(ports.createJob(NEW, of('a')));
    expect(places(admission)).toBe(1);
  });
});

describe('a create', () => {
  it('that is aborted while it waits for the others is not sent', async () => {
    const { ports, calls } = scene({ createJob: [failure('server')] });
    const abort = new AbortController();
    const first = failureOf(ports.createJob(NEW, of('a')));
    const second = failureOf(ports.createJob(NEW, of('b', abort.signal)));
    abort.abort(new Error('no more'));
    expect([await first, await second]).toMatchObject([{ kind: 'server' }, { message: 'no more' }]);
    expect(calls).toHaveLength(1);
  });
});

describe('a confirm', () => {
  it('waits here after one was refused for the number of jobs, until a job ends', async () => {
    const { admission, ports, calls } = scene({ confirmJob: [crowded, { jobSpecId: 'job_1' }] });
    await ports.getJob(ONE, of('a'));
    expect(await failureOf(ports.confirmJob(CONFIRM, of('b')))).toBe(crowded.fail);
    const heldBack = await failureOf(ports.confirmJob(CONFIRM, of('b')));
    expect(heldBack).toEqual({
      kind: 'rate-limited',
      message: 'nothing was sent: the key has as many jobs as it may have at once',
      advice: 'Wait until a job ends; the job continues by itself.',
      delivery: 'not-sent',
      limit: 'concurrency',
    });
    admission.release('a');
    expect(await ports.confirmJob(CONFIRM, of('b'))).toEqual({ jobSpecId: 'job_1' });
    expect(calls.filter(({ name }) => name === 'confirmJob')).toHaveLength(2);
  });

  it('passes after any other failure', async () => {
    const { ports, calls } = scene({ confirmJob: OTHERS });
    for (const { fail } of OTHERS) expect(await failureOf(ports.confirmJob(CONFIRM, of('a')))).toBe(fail);
    expect(calls).toHaveLength(OTHERS.length);
  });

  it('that is accepted after a pause lets all others pass', async () => {
    const { clock, ports } = scene({ confirmJob: [crowded, { jobSpecId: 'job_1' }] });
    await failureOf(ports.confirmJob(CONFIRM, of('a')));
    await clock.advance(30_000);
    for (const _ of [1, 2]) expect(await ports.confirmJob(CONFIRM, of('a'))).toEqual({ jobSpecId: 'job_1' });
  });
});

describe('before the stored knowledge of a lane is loaded', () => {
  it('no job starts or is created; all else passes', async () => {
    let loaded = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    const { ports: base, calls } = scriptedPorts(createVirtualClock());
    const ports = layered(base, afterLoading(ready));
    let hasTurn = false;
    const starting = ports.startTurn({}, of('a')).then(() => {
      hasTurn = true;
    });
    const creating = ports.createJob(NEW, of('a'));
    await ports.getJob(ONE, of('a'));
    await turn();
    expect([hasTurn, calls.map(({ name }) => name)]).toEqual([false, ['getJob']]);
    loaded();
    await starting;
    expect(await creating).toEqual(job());
    expect(calls.map(({ name }) => name)).toEqual(['getJob', 'createJob']);
  });
});
