import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../../src/engine/binding/call-context.js';
import { createJobCalls } from '../../../src/engine/binding/job-calls.js';
import type { JobSignal } from '../../../src/machines/job-events.js';
import type { KnownReading } from '../../../src/machines/reading/known-reading.js';
import { failure, reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

type Script = NonNullable<Parameters<typeof scriptedPorts>[1]>;

/** The calls of the machine without a machine: what a handler of a durable engine has. */
function scene(script: Script = {}, more: Partial<CallContext> = {}) {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock, script);
  const reported: JobSignal[] = [];
  const abort = new AbortController();
  const call: CallContext = {
    jobId: 'ours',
    signal: abort.signal,
    report: (signal) => void reported.push(signal),
    ...more,
  };
  const jobCalls = createJobCalls(ports, { clock, random: () => 0.25 });
  const names = (): string[] => calls.map(({ name }) => name);
  return { clock, jobCalls, call, names, reported, abort, ports };
}

const file = (index: number) => ({ index, file: { handle: `${index}.txt`, name: `${index}.txt`, bytes: 1 } });

describe('the calls of the machine, without an actor', () => {
  it('answer with a reply that has time and chance in it, and never reject', async () => {
    const { clock, jobCalls, call } = scene({ getJob: [failure('network')] });
    expect(await jobCalls.getJob({ jobSpecId: 'job_1' }, call)).toMatchObject({
      ok: false,
      failure: { kind: 'network' },
      at: clock.now(),
      random: 0.25,
    });
    expect(await jobCalls.loadCatalog({}, call)).toMatchObject({ ok: true, at: clock.now() });
  });

  it('create once for a ticket of this process, and refuse one of another', async () => {
    const { jobCalls, call, names } = scene();
    const ticket = await jobCalls.issueTicket({}, call);
    const input = { ticket: ticket.ok ? ticket.value : '', workflowId: 'wf', fileIds: [] };
    expect(await jobCalls.createJob(input, call)).toMatchObject({ ok: true, value: { jobSpecId: 'job_1' } });
    expect(await jobCalls.createJob(input, call)).toMatchObject({
      ok: false,
      failure: { kind: 'outcome-unknown', delivery: 'unknown' },
    });
    expect(names()).toEqual(['createJob']);
  });

  it.each(['createJob', 'fillSlots', 'confirmJob', 'uploadFile'])(
    'do not send %s where what has to be done before fails',
    async (name) => {
      const asked: string[] = [];
      const { jobCalls, call, names } = scene(
        {},
        {
          async beforeEffect(effect) {
            asked.push(effect);
            throw failure('storage').fail;
          },
        },
      );
      const ticket = await jobCalls.issueTicket({}, call);
      const version = { jobSpecId: 'job_1', itemVersion: 1 };
      const create = { ticket: ticket.ok ? ticket.value : '', workflowId: 'wf', fileIds: [] };
      const replies = {
        createJob: () => jobCalls.createJob(create, call),
        fillSlots: () => jobCalls.fillSlots({ ...version, slots: [] }, call),
        confirmJob: () => jobCalls.confirmJob(version, call),
        uploadFile: () => jobCalls.uploadFiles({ files: [file(0)] }, call),
      };
      const reply = await Reflect.get(replies, name)();
      expect(reply).toMatchObject({ ok: false, failure: { kind: 'storage', delivery: 'not-sent' } });
      expect(asked).toEqual([name]);
      expect(names()).toEqual([]);
    },
  );

  it('say which files arrived before one failed', async () => {
    const { jobCalls, call } = scene({ uploadFile: [{ fileId: 'file_0' }, failure('network')] });
    const files = [file(0), file(1)];
    expect(await jobCalls.uploadFiles({ files }, call)).toMatchObject({
      ok: false,
      failure: { kind: 'network' },
      partial: [{ index: 0, fileId: 'file_0' }],
    });
  });
});

describe('a turn', () => {
  const turn = (known: KnownReading | undefined) => ({ jobSpecId: 'job_1', notBefore: 0, known });
  const at30 = reading('executing', { progress: 30 });

  it('that looks ahead brings the first reading that is news along', async () => {
    const known = { status: at30.status, statusWord: at30.statusWord, progress: 30 };
    const news = reading('executing', { progress: 60 });
    const { clock, jobCalls, call, names } = scene({ getStatus: [at30, at30, news] });
    const answered = jobCalls.pollTurn(turn(known), call);
    let isDone = false;
    void answered.then(() => {
      isDone = true;
    });
    await clock.runUntil(() => isDone, 60_000);
    const { reply, ahead } = await answered;
    expect(reply.ok).toBe(true);
    expect(ahead).toMatchObject({ ok: true, value: news, at: reply.at });
    expect(names().filter((name) => name === 'getStatus')).toHaveLength(3);
  });

  it('of a job of which nothing is known is a turn alone', async () => {
    const { clock, jobCalls, call, names } = scene();
    const answered = jobCalls.pollTurn(turn(undefined), call);
    await clock.step();
    expect(await answered).toEqual({
      reply: { ok: true, value: undefined, at: expect.any(Number) },
    });
    expect(names()).not.toContain('getStatus');
  });
});
