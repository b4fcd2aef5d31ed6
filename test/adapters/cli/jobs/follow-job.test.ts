import { describe, expect, it } from 'vitest';
import type { Asker } from '../../../../src/adapters/cli/ask/asker.js';
import { followJob } from '../../../../src/adapters/cli/jobs/follow-job.js';
import { silentScreen } from '../../../../src/adapters/cli/say/screen.js';
import { startGoalJob } from '../../../../src/engine/job/index.js';
import type { JobInput } from '../../../../src/machines/job-input.js';
import { failure, job, reading, scriptedPorts } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const input: JobInput = { workflowId: 'wf', files: ['a.txt'] };
const titles = { slotId: 'titles', type: 'text', required: true };
const review = reading('slot_needed', {
  checkpoint: { checkpointId: 'review', slots: [titles] },
  itemVersion: 3,
});

const nobody: Asker = {
  fillSlots: async () => undefined,
  mayStart: async () => undefined,
  resolveUnknown: async () => undefined,
};

type Answers = NonNullable<Parameters<typeof scriptedPorts>[1]>;

async function follow(answers: Answers, more: Partial<JobInput> = {}, asker?: Asker, interruptAt?: string) {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock, answers);
  // Of the two kinds of input, it stays the one of a new job.
  const handle = startGoalJob({ ports, input: { ...input, ...more } as JobInput, clock, random: () => 0.5 });
  const interruption = new AbortController();
  const types: string[] = [];
  let result: Awaited<ReturnType<typeof followJob>> | undefined;
  void followJob({
    handle,
    asker,
    screen: silentScreen,
    interruption,
    onEvent(event) {
      types.push(event.type);
      if (event.type === interruptAt) interruption.abort();
    },
  }).then((value) => {
    result = value;
  });
  await clock.runUntil(() => result !== undefined);
  return { result, types, calls, isInterrupted: interruption.signal.aborted, pending: clock.pending() };
}

describe('following a job', () => {
  it('gives what the person types to the job', async () => {
    const asker: Asker = { ...nobody, fillSlots: async () => ({ titles: 'Engineer' }) };
    const { result, calls } = await follow({ getStatus: [review, reading('completed')] }, {}, asker);
    expect(result).toMatchObject({ exitCode: 0, type: 'completed' });
    expect(calls.find((call) => call.name === 'fillSlots')?.input).toMatchObject({
      slots: [{ slotId: 'titles', value: 'Engineer' }],
    });
  });

  it('is interrupted by a person who leaves a question', async () => {
    const { result, isInterrupted } = await follow({ getStatus: [review] }, {}, nobody);
    expect(result).toMatchObject({ exitCode: 130, because: 'interrupted', output: { jobSpecId: 'job_1' } });
    expect(isInterrupted).toBe(true);
  });

  it('detaches from a job when it is interrupted, and leaves no timer', async () => {
    const { result, pending } = await follow(
      { getStatus: [reading('executing')] },
      {},
      undefined,
      'progress',
    );
    expect(result).toMatchObject({ exitCode: 130, type: 'detached' });
    expect(pending).toBe(0);
  });

  it('takes the question away when the deadline passes meanwhile', async () => {
    let isTakenAway = false;
    const asker: Asker = {
      ...nobody,
      fillSlots: (_request, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isTakenAway = true;
            resolve(undefined);
          });
        }),
    };
    const deadlineAt = Date.UTC(2026, 2, 30, 12) + 60_000;
    const { result, isInterrupted } = await follow({ getStatus: [review] }, { deadlineAt }, asker);
    expect(result).toMatchObject({ exitCode: 5, output: { reason: 'max-wait' } });
    expect(isTakenAway).toBe(true);
    expect(isInterrupted).toBe(false);
  });

  it('starts a job if the person agrees, and detaches otherwise', async () => {
    const says = (may: boolean): Asker => ({ ...nobody, mayStart: async () => may });
    const yes = await follow({}, { confirm: 'manual' }, says(true));
    expect(yes.result?.exitCode).toBe(0);
    const no = await follow({}, { confirm: 'manual' }, says(false));
    expect(no.result).toMatchObject({ exitCode: 130, output: { status: 'detached' } });
    expect(no.calls.map((call) => call.name)).not.toContain('confirmJob');
  });

  it('detaches without a person to start it', async () => {
    const { result } = await follow({}, { confirm: 'manual' });
    expect(result).toMatchObject({ exitCode: 3, because: 'input-needed' });
  });

  it('adopts the job that the person has found', async () => {
    const asker: Asker = {
      ...nobody,
      resolveUnknown: async () => ({ type: 'ADOPT', jobSpecId: 'job_7' }),
    };
    const lost = failure('network', { delivery: 'unknown' });
    const { result, calls } = await follow(
      { createJob: [lost], getJob: [job({ jobSpecId: 'job_7' })] },
      {},
      asker,
    );
    expect(result).toMatchObject({ exitCode: 0, output: { jobSpecId: 'job_7' } });
    expect(calls.filter((call) => call.name === 'createJob')).toHaveLength(1);
  });

  it('leaves a create of unknown outcome where the person wants to decide later', async () => {
    const asker: Asker = { ...nobody, resolveUnknown: async () => ({ type: 'DETACH' }) };
    const lost = failure('network', { delivery: 'unknown' });
    const { result } = await follow({ createJob: [lost] }, {}, asker);
    expect(result).toMatchObject({ exitCode: 6, because: 'outcome-unknown' });
  });
});
