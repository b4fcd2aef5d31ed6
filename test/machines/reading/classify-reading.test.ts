import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/machines/job-context.js';
import {
  classifyReading,
  hasNoStatus,
  type Reading,
} from '../../../src/machines/reading/classify-reading.js';
import { attachedWith, checkpointQuestion, questionWith } from '../../support/example-context.js';
import { reading } from '../../support/scripted-ports.js';

const noStatus = (more: Partial<Reading> = {}): Reading => ({
  ...reading('pending'),
  statusWord: '',
  ...more,
});
const checkpoint = (checkpointId: string) => ({ checkpoint: { checkpointId, slots: [] } });
const before = { checkpointId: undefined, itemVersion: 4, question: questionWith() };
const atC1 = { checkpointId: 'c1', itemVersion: 4, question: checkpointQuestion() };

describe('a reading', () => {
  it.each<[string, Partial<JobContext>, Reading, ReturnType<typeof classifyReading>]>([
    ['of an older version', { itemVersion: 5 }, reading('executing', { itemVersion: 4 }), 'stale'],
    ['of the same version', { itemVersion: 4 }, reading('executing', { itemVersion: 4 }), 'executing'],
    ['without a version', { itemVersion: 4 }, reading('executing'), 'executing'],
    ['where we know no version', {}, reading('executing', { itemVersion: 4 }), 'executing'],
    ['of an older version, ended', { itemVersion: 5 }, reading('completed', { itemVersion: 4 }), 'completed'],
    ['of an older version, failed', { itemVersion: 5 }, reading('failed', { itemVersion: 4 }), 'failed'],
    [
      'of an older version, for the fourth time',
      { itemVersion: 5, staleReadings: 3 },
      reading('executing', { itemVersion: 4 }),
      'stale',
    ],
    [
      'of an older version, for the fifth time',
      { itemVersion: 5, staleReadings: 4 },
      reading('executing', { itemVersion: 4 }),
      'suspect',
    ],
    ['of `pending` after a checkpoint', { metCheckpoint: true }, reading('pending'), 'stale'],
    [
      'of `pending` after the confirm, with a newer version',
      { answered: before },
      reading('pending', { itemVersion: 9 }),
      'stale',
    ],
    ['of `executing` after a checkpoint', { metCheckpoint: true }, reading('executing'), 'executing'],
    ['of the answered checkpoint', { answered: atC1 }, reading('slot_needed', checkpoint('c1')), 'stale'],
    [
      'of the answered checkpoint in its version',
      { answered: atC1 },
      reading('slot_needed', { ...checkpoint('c1'), itemVersion: 4 }),
      'stale',
    ],
    [
      'of the answered checkpoint in a newer version',
      { answered: atC1 },
      reading('slot_needed', { ...checkpoint('c1'), itemVersion: 5 }),
      'slot_needed',
    ],
    [
      'of a checkpoint that was answered without a version',
      { answered: { ...atC1, itemVersion: undefined } },
      reading('slot_needed', { ...checkpoint('c1'), itemVersion: 1 }),
      'slot_needed',
    ],
    ['of another checkpoint', { answered: atC1 }, reading('slot_needed', checkpoint('c2')), 'slot_needed'],
    ['of a checkpoint without its name', { answered: atC1 }, reading('slot_needed'), 'stale'],
    [
      'of a checkpoint where none was answered',
      {},
      reading('slot_needed', { itemVersion: 0 }),
      'slot_needed',
    ],
    [
      'of `confirming` after a confirm',
      { answered: before },
      reading('confirming', { itemVersion: 4 }),
      'confirming',
    ],
    ['of an unknown word', {}, reading('unknown'), 'executing'],
    ['without a status and a question', { metCheckpoint: true }, noStatus(), 'executing'],
    ['without a status before execution', { question: questionWith() }, noStatus(), 'pending'],
    ['without a status at a checkpoint', { question: checkpointQuestion() }, noStatus(), 'slot_needed'],
    ['without a status of an older version', { itemVersion: 5 }, noStatus({ itemVersion: 4 }), 'stale'],
  ])('%s', (_name, changes, value, outcome) => {
    expect(classifyReading(attachedWith(changes), value)).toBe(outcome);
  });

  it('has no status only where its word is empty', () => {
    expect(hasNoStatus(noStatus())).toBe(true);
    expect(hasNoStatus(reading('pending'))).toBe(false);
    expect(hasNoStatus({ ...reading('unknown'), statusWord: '' })).toBe(false);
  });
});
