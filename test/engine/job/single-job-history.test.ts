import { expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/index.js';
import { reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it('lists page by page what a job without a lane and a store did, without a path', async () => {
  const clock = createVirtualClock();
  const { ports } = scriptedPorts(clock, {
    getStatus: [
      reading('executing', { progress: 10 }),
      reading('executing', { progress: 60 }),
      reading('completed'),
    ],
  });
  const job = startGoalJob({ ports, clock, input: { workflowId: 'wf', files: ['/home/someone/a.txt'] } });
  await clock.runUntil(() => job.view().state === 'completed');
  const { entries } = await job.history();
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  const types = entries.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['moved', 'created', 'progress', 'completed']));
  expect(entries.flatMap(({ about }) => about.path ?? [])).toContain('preparing.uploading');
  expect(JSON.stringify(entries)).not.toContain('someone');
  const last = await job.history({ limit: 2 });
  expect(last.entries).toEqual(entries.slice(-2));
  const earlier = await job.history({ limit: 2, before: last.before ?? 0 });
  expect(earlier.entries).toEqual(entries.slice(-4, -2));
});
