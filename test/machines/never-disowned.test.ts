import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../src/engine/job/index.js';
import type { JobInput } from '../../src/machines/job-input.js';
import type { JobPorts } from '../../src/machines/ports.js';
import type { Failure } from '../../src/services/failure.js';
import { newJob, runScripted } from '../support/run-scripted.js';
import { type Call, failure, job, reading, scriptedPorts } from '../support/scripted-ports.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const SECOND = 1_000;
const HOUR = 3_600_000;
const tone = { slotId: 'tone', type: 'text', required: true };

type Answers = NonNullable<Parameters<typeof runScripted>[0]>;
type Name = Call['name'];

const good = {
  getJob: job({ status: 'executing' }),
  fillSlots: { jobSpecId: 'job_1', itemVersion: 2 },
  confirmJob: { jobSpecId: 'job_1' },
  getStatus: reading('completed'),
  getDownload: { url: 'https://storage.test/x' },
  saveResult: { file: 'f', bytes: 1, sha256: 's' },
} as const;
type AboutTheJob = keyof typeof good;
const calls: readonly AboutTheJob[] = [
  'getJob',
  'fillSlots',
  'confirmJob',
  'getStatus',
  'getDownload',
  'saveResult',
];

/** A job that makes the call in question: a slot to fill, or one that is attached to. */
const inputFor = (name: AboutTheJob): JobInput =>
  name === 'getJob' ? { jobSpecId: 'job_1' } : { ...newJob, slots: { tone: 'warm' } };

/** The job as a re-read finds it once its slot is filled. */
const filled = job({ itemVersion: 2, slots: [{ ...tone, value: 'warm' }] });

const run = (name: AboutTheJob, refusals: readonly { fail: Failure }[], heals: boolean) =>
  runScripted(
    {
      createJob: [job({ slots: [tone] })],
      getJob: [name === 'fillSlots' ? job({ slots: [tone] }) : filled],
      [name]: heals ? [...refusals, good[name]] : refusals,
    } as Answers,
    inputFor(name),
  );

const gapsOf = (made: readonly Call[], name: Name): number[] => {
  const times = made.filter((call) => call.name === name).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
};

/** 404, 410, 400, and what else is no success: 402, 405, 407, 413, 423, 451, 499, 3xx. A proxy's word about the key. */
const REFUSALS: Readonly<Record<string, { fail: Failure }>> = {
  'a 404': failure('not-found'),
  'a 410': failure('gone'),
  'a 405': failure('rejected', { status: 405 }),
  'a 302, which may have acted': failure('rejected', { status: 302, delivery: 'unknown' }),
  'a garbled reply': failure('bad-response', { delivery: 'unknown' }),
  "a proxy's 407": failure('key-refused', { speaker: 'proxy' }),
};

const cases = calls.flatMap((name) => Object.keys(REFUSALS).map((what) => [what, name] as const));

describe('a call about a job that may live', () => {
  it.each(cases)('that is refused once is made again: %s to %s', async (what, name) => {
    const { handle } = await run(name, [REFUSALS[what] ?? failure('internal')], true);
    expect((await handle.result()).status).toBe('completed');
  });

  it.each(cases)('that stays refused lets the job go, with its id: %s to %s', async (what, name) => {
    const started = Date.UTC(2026, 2, 30, 12);
    const { handle, clock, calls: made } = await run(name, [REFUSALS[what] ?? failure('internal')], false);
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      reason: 'unreachable',
      jobSpecId: 'job_1',
    });
    expect(made.filter((call) => call.name === name).length).toBeGreaterThan(3);
    expect(clock.now() - started).toBeLessThan(180 * SECOND);
    expect(clock.pending()).toBe(0);
  });

  it.each(['getStatus', 'getDownload', 'confirmJob'] as const)('waits longer each time: %s', async (name) => {
    const { calls: made } = await run(name, [failure('not-found')], false);
    const gaps = gapsOf(made, name);
    expect(gaps.length).toBeGreaterThan(3);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThan(4 * SECOND);
  });

  it('starts its patience again with each good read', async () => {
    const missing = failure('not-found');
    const lagging = Array.from({ length: 12 }, (_, index) => [
      missing,
      missing,
      missing,
      reading('executing', { progress: index }),
    ]).flat();
    const { handle, clock } = await runScripted({ getStatus: [...lagging, reading('completed')] });
    expect((await handle.result()).status).toBe('completed');
    expect(clock.now() - Date.UTC(2026, 2, 30, 12)).toBeGreaterThan(60 * SECOND);
  });

  it.each([423, 408, 425, 503, 404])('waits as long as Retry-After says: %d', async (status) => {
    const kind = status === 404 ? 'not-found' : status === 423 ? 'rejected' : 'server';
    const retryAt = Date.UTC(2026, 2, 30, 14);
    const { handle, calls: made } = await runScripted({
      getStatus: [failure(kind, { status, retryAt }), reading('completed')],
    });
    expect((await handle.result()).status).toBe('completed');
    expect(made.filter(({ name }) => name === 'getStatus')[1]?.at).toBeGreaterThanOrEqual(retryAt);
  });

  it('is not made again where the API refuses the key', async () => {
    const { handle, inputs } = await runScripted({ getStatus: [failure('key-refused')] });
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'key-refused' });
    expect(inputs('getStatus')).toHaveLength(1);
  });
});

describe('what is reported of a detached job', () => {
  const toldBy = async (getStatus: Answers['getStatus']) => {
    const output = await (await runScripted({ getStatus: getStatus ?? [] })).handle.result();
    return output.status === 'detached' ? output.failure : undefined;
  };

  it('is that the server does not know it, where the API said so and stayed with it', async () => {
    expect(await toldBy([failure('not-found')])).toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('the server does not know this job'),
      advice: expect.stringContaining('not given up'),
    });
  });

  it('is not that, where another said so, or where it was said once after other trouble', async () => {
    const byCdn = await toldBy([failure('not-found', { speaker: 'cdn' })]);
    const trouble = Array.from({ length: 7 }, () => failure('server', { delivery: 'unknown' }));
    const once = await toldBy([...trouble, failure('not-found')]);
    for (const reported of [byCdn, once]) {
      expect(reported?.message).toBe('not-found');
      expect(reported?.advice).toContain('later');
    }
  });

  it('does not cut the patience for a 404 by that for what came before', async () => {
    const trouble = Array.from({ length: 5 }, () => failure('server', { delivery: 'unknown' }));
    const { handle } = await runScripted({
      getStatus: [...trouble, failure('not-found'), failure('not-found'), reading('completed')],
    });
    expect((await handle.result()).status).toBe('completed');
  });

  it('is reported within seconds for an id that was only given to us', async () => {
    const { handle, clock } = await runScripted(
      { getJob: [failure('not-found')] },
      { jobSpecId: 'job_typo' },
    );
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      failure: { advice: expect.stringContaining('Check the id') },
    });
    expect(clock.now() - Date.UTC(2026, 2, 30, 12)).toBeLessThan(6 * SECOND);
  });
});

describe('the result', () => {
  const withheld = async (getStatus: Answers['getStatus'], kind: 'not-found' | 'gone', input = newJob) => {
    const answers = { getJob: [job({ status: 'completed' })], getDownload: [failure(kind)] };
    const { handle } = await runScripted({ ...answers, getStatus: getStatus ?? [] }, input);
    const output = await handle.result();
    expect(output).toMatchObject({ status: 'detached', jobSpecId: 'job_1' });
    return output.status === 'detached' ? output.failure : undefined;
  };
  const seenAtWork = [reading('executing'), reading('completed')];

  it.each(['not-found', 'gone'] as const)(
    'is not called too old a moment after it was made: %s',
    async (kind) => {
      const reported = await withheld(seenAtWork, kind);
      expect(reported?.kind).toBe('not-found');
      expect(reported?.message).toContain('does not hand out its result');
      expect(reported?.message).not.toContain('24 h');
    },
  );

  it('is called too old where 24 hours can be over', async () => {
    const asleep = failure('rate-limited', { retryAt: Date.UTC(2026, 2, 30, 12) + 25 * HOUR });
    const reported = await withheld([reading('executing'), asleep, reading('completed')], 'not-found');
    expect(reported).toMatchObject({ kind: 'gone', message: expect.stringContaining('retention has ended') });
  });

  it('is not called too old if the time of completion is unknown, unless the API says so', async () => {
    const attached: JobInput = { jobSpecId: 'job_1' };
    expect((await withheld([], 'not-found', attached))?.kind).toBe('not-found');
    expect((await withheld([], 'gone', attached))?.kind).toBe('gone');
  });

  it('is asked for by fresh URLs, with growing pauses, while storage does not take them', async () => {
    const refused = Array.from({ length: 5 }, () => failure('gone', { speaker: 'storage' }));
    const { handle, calls: made } = await runScripted({ saveResult: [...refused, good.saveResult] });
    expect((await handle.result()).status).toBe('completed');
    const gaps = gapsOf(made, 'getDownload');
    expect(gaps).toHaveLength(5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  });

  it('that this machine cannot keep is still the server’s to give', async () => {
    const { handle, inputs } = await runScripted({
      saveResult: [failure('storage', { delivery: 'not-sent' })],
    });
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      reason: 'local-failure',
      jobSpecId: 'job_1',
      failure: { kind: 'storage' },
    });
    expect(inputs('saveResult')).toHaveLength(1);
  });
});

/** A job in virtual time whose host throws on demand. */
async function withBrokenHost(broken: Partial<JobPorts>, input: JobInput = newJob, answers: Answers = {}) {
  const clock = createVirtualClock();
  const { ports, calls: made } = scriptedPorts(clock, answers);
  const handle = startGoalJob({ ports: { ...ports, ...broken }, input, clock, random: () => 0.5 });
  await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active');
  return { output: await handle.result(), made };
}

const breaks = (): Promise<never> => Promise.reject(new Error('a bug of the host'));

describe("a host's function that throws", () => {
  it.each(['getStatus', 'confirmJob', 'getDownload', 'saveResult', 'pollTurn'] as const)(
    'detaches from a job that is alive: %s',
    async (name) => {
      const { output } = await withBrokenHost({ [name]: breaks });
      expect(output).toMatchObject({
        status: 'detached',
        reason: 'local-failure',
        jobSpecId: 'job_1',
        failure: { kind: 'internal', message: `the port ${name} threw: a bug of the host` },
      });
    },
  );

  it.each(['inspectFiles', 'loadCatalog', 'startTurn', 'uploadFile'] as const)(
    'fails a job that was not begun: %s',
    async (name) => {
      const { output } = await withBrokenHost({ [name]: breaks });
      expect(output).toMatchObject({ status: 'failed', failure: { kind: 'internal' } });
    },
  );

  it('leaves the outcome of a create as unknown as it was, when the clock breaks after it', async () => {
    const lost = { createJob: [failure('network', { delivery: 'unknown' })] };
    const { output, made } = await withBrokenHost(
      { waitUntil: breaks },
      { ...newJob, onUnknownOutcome: 'retry' },
      lost,
    );
    expect(output).toMatchObject({ status: 'detached', failure: { kind: 'outcome-unknown' } });
    expect(made.filter(({ name }) => name === 'createJob')).toHaveLength(1);
  });
});

describe('a refusal before there is a job', () => {
  it.each(['loadCatalog', 'uploadFile', 'createJob'] as const)(
    'by the API ends it at once: %s',
    async (name) => {
      const { handle, inputs } = await runScripted({ [name]: [failure('rejected', { status: 413 })] });
      expect(await handle.result()).toMatchObject({ status: 'failed', failure: { kind: 'rejected' } });
      expect(inputs(name)).toHaveLength(1);
    },
  );

  it('by something else is waited out', async () => {
    const { handle } = await runScripted({
      uploadFile: [failure('rejected', { status: 403, speaker: 'cdn' }), { fileId: 'file_1' }],
    });
    expect((await handle.result()).status).toBe('completed');
  });

  it('that names a time is waited out until then', async () => {
    const retryAt = Date.UTC(2026, 2, 30, 13);
    const { handle, calls: made } = await runScripted({
      uploadFile: [failure('rejected', { status: 423, retryAt }), { fileId: 'file_1' }],
    });
    expect((await handle.result()).status).toBe('completed');
    expect(made.filter(({ name }) => name === 'uploadFile')[1]?.at).toBeGreaterThanOrEqual(retryAt);
  });
});
