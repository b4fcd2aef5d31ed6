import { expect, it } from 'vitest';
import { createStoredJobs } from '../../../src/engine/durable/index.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { sameFiles } from '../lane/lane-scene.js';

const slots = [{ slotId: 'tone', type: 'text', required: true }];
const asked = reading('slot_needed', { itemVersion: 5, checkpoint: { checkpointId: 'cp_1', slots } });

it('shows after a resume what is asked, and since when', async () => {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const { ports } = scriptedPorts(clock, { getStatus: [reading('executing'), asked] });
  const jobs = () => createStoredJobs({ store, ports, clock, files: sameFiles });
  const before = jobs();
  const first = await before.start({ workflowId: 'wf', files: ['a.txt'] }, { id: 'a' });
  await clock.runUntil(() => first.view().needs === 'slots');
  const { since, request } = first.view();
  expect(since).toBe(clock.now());
  await before.close();
  await clock.advance(60_000);
  const again = await jobs().resume('a');
  expect(again.view()).toMatchObject({ needs: 'slots', request, since });
});
