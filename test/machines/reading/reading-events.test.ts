import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reading } from '../../../src/machines/reading/classify-reading.js';
import { readingEvents } from '../../../src/machines/reading/reading-events.js';
import { attachedWith, checkpointQuestion, questionWith, slot } from '../../support/example-context.js';
import { reading } from '../../support/scripted-ports.js';

const checkpoint = { checkpointId: 'c1', slots: [slot('tone')] };
const shown = { type: 'checkpoint', checkpoint };
const known = { statusWord: 'executing', progress: 40, currentStep: 'writing' } as const;
const same = reading('executing', { progress: 40, currentStep: 'writing' });

describe('the events of a reading', () => {
  it.each<[string, Partial<JobContext>, Reading, 'job' | 'status', unknown[]]>([
    [
      'the first progress',
      {},
      same,
      'status',
      [{ type: 'progress', status: 'executing', progress: 40, currentStep: 'writing' }],
    ],
    [
      'a status without progress and step',
      {},
      reading('confirming'),
      'status',
      [{ type: 'progress', status: 'confirming' }],
    ],
    ['the same again', known, same, 'status', []],
    [
      'another word',
      { ...known, statusWord: 'confirming' },
      same,
      'status',
      [{ type: 'progress', status: 'executing', progress: 40, currentStep: 'writing' }],
    ],
    [
      'other progress',
      { ...known, progress: 30 },
      same,
      'status',
      [{ type: 'progress', status: 'executing', progress: 40, currentStep: 'writing' }],
    ],
    [
      'another step',
      { ...known, currentStep: 'reading' },
      same,
      'status',
      [{ type: 'progress', status: 'executing', progress: 40, currentStep: 'writing' }],
    ],
    ['one that is stale', { itemVersion: 5 }, { ...same, itemVersion: 4 }, 'status', []],
    ['one that is suspect', { itemVersion: 5, staleReadings: 4 }, { ...same, itemVersion: 4 }, 'status', []],
    ['one without a status', {}, { ...reading('pending'), statusWord: '', progress: 3 }, 'job', []],
    [
      'a checkpoint',
      {},
      reading('slot_needed', { checkpoint, itemVersion: 4 }),
      'status',
      [{ ...shown, itemVersion: 4 }],
    ],
    ['a checkpoint without a version', {}, reading('slot_needed', { checkpoint }), 'job', [shown]],
    [
      'a checkpoint that is open',
      { question: checkpointQuestion() },
      reading('slot_needed', { checkpoint }),
      'status',
      [],
    ],
    [
      'a checkpoint after another one',
      { question: checkpointQuestion({ checkpoint: { checkpointId: 'c0', slots: [] } }) },
      reading('slot_needed', { checkpoint }),
      'status',
      [shown],
    ],
    [
      'a checkpoint after the slots before execution',
      { question: questionWith() },
      reading('slot_needed', { checkpoint }),
      'status',
      [shown],
    ],
    ['a checkpoint that is not shown', {}, reading('slot_needed'), 'status', []],
    [
      'a job whose checkpoint shows no slots yet',
      {},
      reading('slot_needed', { checkpoint: { ...checkpoint, slots: [] } }),
      'job',
      [],
    ],
    [
      'a status whose checkpoint has no slots',
      {},
      reading('slot_needed', { checkpoint: { ...checkpoint, slots: [] } }),
      'status',
      [{ ...shown, checkpoint: { ...checkpoint, slots: [] } }],
    ],
  ])('%s', (_name, changes, value, source, events) => {
    expect(readingEvents(attachedWith(changes), value, source)).toStrictEqual(events);
  });
});
