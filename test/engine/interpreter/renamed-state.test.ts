import { describe, expect, it } from 'vitest';
import type { StateValue } from 'xstate';
import {
  beginJob,
  type InterpretedJob,
  isInChart,
  rearmJob,
  stepJob,
} from '../../../src/engine/interpreter/index.js';
import { reading, job as remoteJob } from '../../support/scripted-ports.js';

const ok = (value: unknown) => ({ ok: true as const, value, at: 0 });

/** A job that waits for its turn to read. */
function waiting(): InterpretedJob {
  const { job, started } = beginJob({ jobSpecId: 'job_1', deadlineAt: 99 });
  const token = started.find(({ src }) => src === 'getJob')?.token ?? '';
  return stepJob(job, { type: 'reply', token, reply: ok(remoteJob({ status: 'executing' })) }).job;
}

/** The same job as a release would have stored it whose chart has another name for that step. */
function asStoredBefore(job: InterpretedJob): InterpretedJob {
  return JSON.parse(
    JSON.stringify({
      ...job,
      value: { executing: 'resting' },
      open: job.open.map((call) =>
        call.src === 'pollTurn' ? { ...call, id: '0.goalJob.executing.resting' } : call,
      ),
    }),
  );
}

const migrated = (job: InterpretedJob, value: StateValue): InterpretedJob => ({ ...job, value });

describe('a job whose step has another name in this release', () => {
  const today = waiting();
  const stored = asStoredBefore(today);
  const { job, started, stopped } = rearmJob(migrated(stored, today.value));

  it('stands nowhere in the chart before its record is migrated', () => {
    expect(isInChart(stored)).toBe(false);
    expect(isInChart(today)).toBe(true);
  });

  it('makes its call again under the new name, and keeps the call that has not changed', () => {
    const nameOf = ({ src }: { readonly src: string }): string => src;
    expect(started.map(nameOf)).toEqual(['pollTurn']);
    expect(stopped).toEqual(stored.open.filter(({ src }) => src === 'pollTurn'));
    expect(job.open.map(({ id }) => id).sort()).toEqual(today.open.map(({ id }) => id).sort());
    expect(job.open.find(({ id }) => id === 'deadline')).toEqual(
      today.open.find(({ id }) => id === 'deadline'),
    );
  });

  it('continues with the answer to the new call, and ignores one to the old', () => {
    const old = stopped[0]?.token ?? '';
    expect(stepJob(job, { type: 'reply', token: old, reply: ok(undefined) }).job).toEqual(job);
    const token = started[0]?.token ?? '';
    const next = stepJob(job, { type: 'reply', token, reply: ok(undefined) });
    expect(next.started.map(({ src }) => src)).toEqual(['getStatus']);
    const read = next.started[0]?.token ?? '';
    const later = stepJob(next.job, {
      type: 'reply',
      token: read,
      reply: ok(reading('executing', { progress: 50 })),
    });
    expect(later.job.context.progress).toBe(50);
  });
});
