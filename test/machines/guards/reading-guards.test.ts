import { expect, it } from 'vitest';
import { readingGuards } from '../../../src/machines/guards/reading-guards.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import { attachedWith, questionWith, refused, succeeded } from '../../support/example-context.js';
import { reading } from '../../support/scripted-ports.js';

type Name = keyof typeof readingGuards;
// Boundary: the keys of an object literal.
const names = Object.keys(readingGuards) as readonly Name[];
const answered = { checkpointId: undefined, itemVersion: 4, question: questionWith() };

it.each<[string, Partial<JobContext>, ReturnType<typeof reading>, boolean, Name]>([
  ['pending', {}, reading('pending'), false, 'saysPending'],
  ['confirming', {}, reading('confirming'), false, 'saysConfirming'],
  ['executing', {}, reading('executing'), false, 'saysExecuting'],
  ['an unknown word', {}, reading('unknown'), false, 'saysExecuting'],
  ['slot_needed', {}, reading('slot_needed'), false, 'saysSlotNeeded'],
  ['completed', {}, reading('completed'), false, 'saysCompleted'],
  ['failed', {}, reading('failed'), false, 'saysFailed'],
  ['pending after the confirm', { answered, staleReadings: 3 }, reading('pending'), false, 'isStale'],
  ['the same for the fifth time', { answered, staleReadings: 4 }, reading('pending'), false, 'isSuspect'],
  [
    'the same with our memory in doubt',
    { answered, staleReadings: 4 },
    reading('pending'),
    true,
    'saysPending',
  ],
])('of %s exactly one guard holds', (_name, changes, value, inDoubt, holds) => {
  const context = attachedWith({ jobSpecId: 'job_1', ...changes });
  const holding = names.filter((name) =>
    readingGuards[name]({ context }, { reply: succeeded(value), inDoubt }),
  );
  expect(holding).toEqual([holds]);
  const failed = { reply: refused('network'), inDoubt };
  expect(names.filter((name) => readingGuards[name]({ context }, failed))).toEqual([]);
});
