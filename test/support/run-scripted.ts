import { startGoalJob } from '../../src/engine/job/index.js';
import type { JobEmitted } from '../../src/machines/job-events.js';
import type { JobInput } from '../../src/machines/job-input.js';
import { type Call, scriptedPorts } from './scripted-ports.js';
import { createVirtualClock } from './virtual-clock.js';

export const newJob: JobInput = { workflowId: 'wf', files: ['a.txt'] };

type Answers = NonNullable<Parameters<typeof scriptedPorts>[1]>;

/** A job on scripted ports in virtual time, run until it ends or waits for a person. */
export async function runScripted(answers: Answers, input: JobInput = newJob) {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock, answers);
  const handle = startGoalJob({ ports, input, clock, random: () => 0.5 });
  const events: JobEmitted[] = [];
  handle.on('*', (event) => events.push(event));
  const rests = (): boolean =>
    handle.actor.getSnapshot().status !== 'active' || handle.view().tags.includes('user-input');
  await clock.runUntil(rests);
  const names = (): Call['name'][] => calls.map((call) => call.name);
  const inputs = (name: Call['name']): unknown[] =>
    calls.filter((call) => call.name === name).map((call) => call.input);
  return { handle, clock, calls, names, inputs, events, proceed: () => clock.runUntil(rests) };
}
