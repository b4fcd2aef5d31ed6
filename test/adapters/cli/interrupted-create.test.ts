import { describe, expect, it } from 'vitest';
import { followJob } from '../../../src/adapters/cli/jobs/follow-job.js';
import { closingLines } from '../../../src/adapters/cli/say/closing-lines.js';
import { silentScreen } from '../../../src/adapters/cli/say/screen.js';
import { startGoalJob } from '../../../src/engine/job/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { newJob } from '../../support/run-scripted.js';
import { failure, job, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

type Create = JobPorts['createJob'];

/** Interrupts a job while its create is out; `answer` is what happens then. */
async function interruptCreate(createJob: Create, answer: (clock: VirtualClock) => unknown) {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock);
  const handle = startGoalJob({ ports: { ...ports, createJob }, input: newJob, clock, random: () => 0.5 });
  const interruption = new AbortController();
  let waited = 0;
  const result = followJob({
    ...{ handle, interruption, screen: silentScreen },
    onEvent: () => undefined,
    onWaiting: () => {
      waited += 1;
    },
  });
  await clock.runUntil(() => handle.view().path === 'preparing.creating');
  interruption.abort();
  await answer(clock);
  return { result: await result, waited, names: calls.map(({ name }) => name) };
}

describe('an interruption while a create is in flight', () => {
  it('waits for the answer, keeps it, and sends nothing more', async () => {
    let answer = (): void => undefined;
    const create: Create = () =>
      new Promise((resolve) => {
        answer = () => resolve(job({ jobSpecId: 'job_7' }));
      });
    const { result, waited } = await interruptCreate(create, () => answer());
    expect(result).toMatchObject({ exitCode: 130, output: { status: 'detached', jobSpecId: 'job_7' } });
    expect(waited).toBe(1);
  });

  it('ends with what the answer was where the API refused', async () => {
    let answer = (): void => undefined;
    const create: Create = () =>
      new Promise((_resolve, reject) => {
        answer = () => reject(failure('validation').fail);
      });
    const { result } = await interruptCreate(create, () => answer());
    expect(result.output).toMatchObject({ status: 'failed', failure: { kind: 'validation' } });
  });

  it('gives up one that does not answer in time, with its outcome unknown', async () => {
    const create: Create = (_input, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { result } = await interruptCreate(create, (clock) => clock.advance(5_000));
    expect(result).toMatchObject({
      exitCode: 130,
      output: { status: 'detached', failure: { kind: 'outcome-unknown' } },
    });
    const words = closingLines(result, { storedId: 'abc', flags: [] });
    expect(words.message).toContain('it may or may not exist');
    expect(words.advice).toContain('goal-lane resume abc --adopt JOB_ID');
  });
});
