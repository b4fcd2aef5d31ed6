import { expect, it } from 'vitest';
import { createJobContext, type JobContext } from '../../../src/machines/job-context.js';
import { knownReading } from '../../../src/machines/reading/known-reading.js';

const settled: JobContext = {
  ...createJobContext({ workflowId: 'wf', files: ['a.txt'] }),
  statusWord: 'executing',
  itemVersion: 3,
};

it('a reading that repeats what a settled job knows changes nothing', () => {
  expect(knownReading(settled, 'executing')).toMatchObject({ status: 'executing', itemVersion: 3 });
});

it.each<[string, Partial<JobContext>]>([
  ['a doubted version, which it may confirm', { versionDoubted: true }],
  ['an older reading, which it may outweigh', { staleReadings: 1 }],
])('after %s, an equal reading still matters', (_, changes) => {
  expect(knownReading({ ...settled, ...changes }, 'executing')).toBeUndefined();
});
