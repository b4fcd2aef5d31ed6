import { expect, it } from 'vitest';
import type { Asker } from '../../../src/adapters/cli/ask/asker.js';
import { followJob } from '../../../src/adapters/cli/jobs/follow-job.js';
import { silentScreen } from '../../../src/adapters/cli/say/screen.js';
import { startGoalJob } from '../../../src/engine/job/index.js';
import { job, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const slots = [{ slotId: 'tone', type: 'text', required: true }];

/** An asker that does, and returns, what none should. */
const askerThat = (fillSlots: () => Promise<unknown>): Asker => ({
  // Boundary: a host in JavaScript may return anything.
  fillSlots: fillSlots as Asker['fillSlots'],
  mayStart: async () => true,
  resolveUnknown: async () => undefined,
});

it.each([
  [
    'that throws',
    async () => {
      throw new TypeError('no terminal');
    },
    'the asker threw: no terminal; job job_1 was detached',
  ],
  ['whose values no slot can take', async () => ({ tone: 1n }), /slot tone: the value given is/],
])('an asker %s is named, and the job is detached', async (_, fillSlots, words) => {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock, { createJob: [job({ slots })] });
  const handle = startGoalJob({ ports, input: { workflowId: 'wf', files: ['a.txt'] }, clock });
  const ended = followJob({
    handle,
    asker: askerThat(fillSlots),
    screen: silentScreen,
    interruption: new AbortController(),
    onEvent: () => undefined,
  });
  const refused = expect(ended).rejects.toThrow(words);
  await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active');
  await refused;
  expect(handle.view().state).toBe('detached');
  expect(calls.map(({ name }) => name)).not.toContain('fillSlots');
});
