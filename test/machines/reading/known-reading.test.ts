import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reading } from '../../../src/machines/reading/classify-reading.js';
import { isKnown, knownReading } from '../../../src/machines/reading/known-reading.js';
import { contextWith, failureWith, questionWith, setbackWith, slot } from '../../support/example-context.js';
import { reading } from '../../support/scripted-ports.js';

const settled = contextWith({ statusWord: 'executing', itemVersion: 3 });

it('a reading that repeats what a settled job knows changes nothing', () => {
  expect(knownReading(settled, 'executing')).toStrictEqual({
    ...{ status: 'executing', statusWord: 'executing', itemVersion: 3 },
  });
  expect(
    knownReading({ ...settled, itemVersion: undefined, progress: 0, currentStep: 'writing' }, 'confirming'),
  ).toStrictEqual({ status: 'confirming', statusWord: 'executing', progress: 0, currentStep: 'writing' });
});

it.each<[string, Partial<JobContext>]>([
  ['a doubted version, which it may confirm', { versionDoubted: true }],
  ['an older reading, which it may outweigh', { staleReadings: 1 }],
  ['a question, which it closes', { question: questionWith() }],
  ['a failed read, whose setback it clears', { setbacks: { reading: setbackWith(failureWith('network')) } }],
  ['no status at all', { statusWord: undefined }],
])('after %s, an equal reading still matters', (_, changes) => {
  expect(knownReading({ ...settled, ...changes }, 'executing')).toBeUndefined();
});

describe('a reading is known', () => {
  const known = { ...reading('executing'), progress: 40, currentStep: 'writing', itemVersion: 3 } as const;
  it.each<[string, Partial<Reading>, boolean]>([
    ['that is equal', {}, true],
    ['without a version', { itemVersion: undefined }, true],
    ['with no slots', { slots: [] }, true],
    ['but not with another status', { status: 'confirming' }, false],
    ['but not with another word', { statusWord: 'EXECUTING' }, false],
    ['but not with other progress', { progress: 41 }, false],
    ['but not with another step', { currentStep: 'reading' }, false],
    ['but not with another version', { itemVersion: 4 }, false],
    ['but not with a checkpoint', { checkpoint: { checkpointId: '', slots: [] } }, false],
    ['but not with slots', { slots: [slot('tone')] }, false],
  ] as [string, Partial<Reading>, boolean][])('%s', (_name, changes, expected) => {
    expect(isKnown(known, { ...known, ...changes } as Reading)).toBe(expected);
  });
});
