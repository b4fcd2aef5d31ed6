import { describe, expect, it } from 'vitest';
import { beginJob, rearmJob, stepJob } from '../../../src/engine/interpreter/index.js';
import { goalJobMachine } from '../../../src/machines/index.js';
import { job as remoteJob } from '../../support/scripted-ports.js';

const input = { jobSpecId: 'job_1' };
const ok = (value: unknown) => ({ ok: true as const, value, at: 0 });

describe('a job as data', () => {
  it('starts the calls that the chart invokes, each with a token', () => {
    const { job, started } = beginJob({ workflowId: 'wf', files: ['a.txt'] });
    expect(job.status).toBe('active');
    expect(started).toEqual(job.open);
    expect(started.map(({ src }) => src)).toContain('inspectFiles');
    expect(new Set(started.map(({ token }) => token)).size).toBe(started.length);
  });

  it('drops the answer to a call that is not open any more', () => {
    const first = beginJob(input);
    const [call] = first.started;
    if (call === undefined) throw new Error('nothing was started');
    const reply = ok(remoteJob({ status: 'executing' }));
    const second = stepJob(first.job, { type: 'reply', token: call.token, reply });
    expect(second.started).toHaveLength(1);
    expect(second.stopped).toEqual([]);
    expect(second.job.open).toEqual(second.started);
    expect([call.token, second.started[0]?.token]).toEqual(['1', '2']);
    const again = stepJob(second.job, { type: 'reply', token: call.token, reply });
    expect(again).toEqual({ job: second.job, started: [], stopped: [], emitted: [] });
  });

  it('keeps the deadline open through the answers to other calls, and stops it with the job', () => {
    const begun = beginJob({ ...input, deadlineAt: 5 });
    const deadline = begun.started.filter(({ id }) => id === 'deadline');
    const token = begun.started.find(({ src }) => src === 'getJob')?.token ?? '';
    const next = stepJob(begun.job, {
      type: 'reply',
      token,
      reply: ok(remoteJob({ status: 'executing' })),
    });
    expect(next.stopped).toEqual([]);
    expect(next.job.open).toEqual([...deadline, ...next.started]);
    expect('output' in next.job).toBe(false);
    const ended = stepJob(next.job, { type: 'command', command: { type: 'DETACH' } });
    expect(ended.stopped).toEqual(next.job.open);
  });

  it('does nothing with a job that has ended', () => {
    const detach = { type: 'command', command: { type: 'DETACH' } } as const;
    const ended = stepJob(beginJob(input).job, detach);
    expect(ended.job).toMatchObject({ status: 'done', output: { status: 'detached' }, open: [] });
    expect(ended.stopped).toHaveLength(1);
    expect(stepJob(ended.job, detach)).toEqual({ job: ended.job, started: [], stopped: [], emitted: [] });
  });

  it('has the deadline as a call where there is one', () => {
    expect(beginJob({ ...input, deadlineAt: 5 }).started).toContainEqual(
      expect.objectContaining({ id: 'deadline', src: 'waitUntil', input: { at: 5 } }),
    );
  });

  it('parks a job whose chart throws in a guard, instead of throwing', () => {
    const { job, started } = beginJob(input);
    const token = started[0]?.token ?? '';
    const reply = {
      at: 0,
      random: 0,
      value: remoteJob(),
      get ok(): true {
        throw new Error('a guard has read it');
      },
    };
    const parked = stepJob(job, { type: 'reply', token, reply });
    expect(parked.job).toMatchObject({ status: 'error', failure: { kind: 'internal' }, open: [] });
    expect(parked.job.failure?.message).toContain('a guard has read it');
    expect(parked.stopped).toEqual(started);
    expect(stepJob(parked.job, { type: 'reply', token, reply })).toMatchObject({
      job: parked.job,
      started: [],
    });
  });

  it('parks a job whose input cannot be read', () => {
    const broken = {
      jobSpecId: 'job_1',
      get deadlineAt(): never {
        throw 'no deadline';
      },
    };
    const { job, started, stopped, emitted } = beginJob(broken);
    expect(job).toMatchObject({ status: 'error', open: [], started: 0, value: {} });
    expect(job.failure).toEqual({
      ...{ kind: 'internal', message: 'the chart threw: no deadline', delivery: 'unknown' },
      advice: 'Report this. The job may be alive on the server: attach to it by its id.',
    });
    expect([started, stopped, emitted]).toEqual([[], [], []]);
  });

  const first = beginJob({ workflowId: 'wf', files: ['a.txt'] }).job;

  it('takes progress of an open call, and of no other', () => {
    const uploading = rearmJob({ ...first, value: { preparing: 'uploading' } }).job;
    const token = uploading.open.find(({ src }) => src === 'uploadFiles')?.token ?? '';
    const progress = { handle: 'a.txt', sentBytes: 1, totalBytes: 3 };
    const signal = { type: 'UPLOAD_PROGRESS', progress } as const;
    const step = stepJob(uploading, { type: 'signal', token, signal });
    expect(step.emitted).toEqual([{ type: 'uploadProgress', progress }]);
    expect(step.job.open).toEqual(uploading.open);
    expect(token).not.toBe('');
    expect(stepJob(uploading, { type: 'signal', token: 'other', signal })).toEqual({
      ...{ job: uploading, started: [], stopped: [], emitted: [] },
    });
  });

  it('takes a call that threw for the fault of the host', () => {
    const { job, started } = beginJob(input);
    const token = started[0]?.token ?? '';
    const error = new Error('no network here');
    const crashed = stepJob(job, { type: 'crash', token, error });
    expect(crashed.job).toMatchObject({ status: 'done', output: { failure: { kind: 'internal' } } });
    expect(crashed.job.context.failure?.message).toBe('no network here');
    expect([crashed.started, crashed.stopped]).toEqual([[], []]);
  });

  it('parks a job whose stored context is none', () => {
    const { job, started } = beginJob(input);
    const broken = { ...job, context: JSON.parse('null') };
    const token = started[0]?.token ?? '';
    const parked = stepJob(broken, { type: 'reply', token, reply: ok(remoteJob()) });
    expect(parked.job).toMatchObject({ status: 'error', failure: { kind: 'internal' }, open: [] });
  });
});

describe('rearming after a migration', () => {
  const attached = beginJob(input).job;

  it('leaves a job that has ended', () => {
    const ended = stepJob(attached, { type: 'command', command: { type: 'DETACH' } }).job;
    expect(rearmJob({ ...ended, value: 'resting' })).toEqual({
      ...{ job: { ...ended, value: 'resting' }, started: [], stopped: [], emitted: [] },
    });
  });

  it('makes a call again whose actor has another name', () => {
    const [call] = attached.open;
    if (call === undefined) throw new Error('nothing was started');
    const renamed = { ...call, src: 'lookUp' };
    const { job, started, stopped, emitted } = rearmJob({ ...attached, open: [renamed] });
    expect([started, stopped, emitted]).toEqual([[{ ...call, token: '2' }], [renamed], []]);
    expect(job).toMatchObject({ open: started, started: 2 });
  });

  it('counts the tokens of several calls', () => {
    const none = { ...beginJob({ ...input, deadlineAt: 5 }).job, open: [] };
    expect(rearmJob(none).started.map(({ token }) => token)).toEqual(['3', '4']);
    expect(beginJob({ ...input, deadlineAt: 5 }).started.map(({ token }) => token)).toEqual(['1', '2']);
  });

  it('keeps no call of another state, even of the same actor', () => {
    const [call] = attached.open;
    if (call === undefined) throw new Error('nothing was started');
    const elsewhere = { ...call, id: 'elsewhere' };
    const { job, stopped } = rearmJob({ ...attached, open: [call, elsewhere] });
    expect([job.open, stopped]).toEqual([[call], [elsewhere]]);
  });

  it('keeps the token of a call that has not changed, beside new ones', () => {
    const withDeadline = beginJob({ ...input, deadlineAt: 5 }).job;
    const kept = withDeadline.open.filter(({ id }) => id === 'deadline');
    const { job, started, stopped } = rearmJob({ ...withDeadline, open: kept });
    expect(stopped).toEqual([]);
    expect(started.map(({ src, token }) => [src, token])).toEqual([['getJob', '3']]);
    expect(job.open).toEqual([...kept, ...started]);
  });

  it('changes nothing where chart and calls agree', () => {
    expect(rearmJob(attached)).toMatchObject({ job: attached, started: [], stopped: [] });
  });

  it('drops a call that the chart does not make there, and starts what is missing', () => {
    const gone = { id: 'old', token: '1', src: 'oldCall', input: {} };
    const { job, started, stopped } = rearmJob({ ...attached, open: [gone] });
    expect(stopped).toEqual([gone]);
    expect(started).toEqual([
      { id: attached.open[0]?.id, src: 'getJob', input: { jobSpecId: 'job_1' }, token: '2' },
    ]);
    expect(job.open).toEqual(started);
  });

  it('fills in what an older context lacks', () => {
    const { staleReadings: _, ...older } = attached.context;
    // A record of an older release.
    const job = rearmJob({ ...attached, context: older as typeof attached.context }).job;
    expect(job.context.staleReadings).toBe(0);
    expect(goalJobMachine.resolveState({ value: job.value, context: job.context }).status).toBe('active');
  });
});
