import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reading } from '../../../src/machines/reading/classify-reading.js';
import {
  closeQuestion,
  highest,
  patchFromConfirm,
  patchFromCreate,
  patchFromFill,
  patchFromReading,
  trusting,
} from '../../../src/machines/reading/context-patch.js';
import {
  attachedWith,
  checkpointQuestion,
  contextWith,
  failureWith,
  questionWith,
  setbackWith,
  slot,
} from '../../support/example-context.js';
import { job, reading, workflow } from '../../support/scripted-ports.js';

const noStatus = (more: Partial<Reading> = {}): Reading => ({
  ...reading('pending'),
  statusWord: '',
  ...more,
});
const HOUR = 3_600_000;
const lost = setbackWith(failureWith('network'));
const rebuilt = questionWith({ fieldErrors: [], conflicts: [], uncertain: false });

it.each([
  [undefined, undefined, undefined],
  [1, undefined, 1],
  [undefined, 2, 2],
  [3, 2, 3],
  [2, 3, 3],
])('of the versions %s and %s, %s is the highest', (a, b, most) => expect(highest(a, b)).toBe(most));

describe('patchFromReading', () => {
  const patch = (changes: Partial<JobContext>, value: Reading, source: 'job' | 'status' = 'status') =>
    patchFromReading(attachedWith(changes), value, 500, source);

  it.each<[string, Partial<JobContext>, Reading, object]>([
    [
      'progress and step',
      {},
      reading('executing', { progress: 40, currentStep: 'writing', itemVersion: 3 }),
      {
        statusWord: 'executing',
        progress: 40,
        currentStep: 'writing',
        itemVersion: 3,
        lastReadAt: 500,
        staleReadings: 0,
        versionDoubted: false,
      },
    ],
    [
      'the progress that is known while it executes',
      { progress: 40, currentStep: 'writing' },
      reading('executing'),
      { progress: 40, currentStep: 'writing' },
    ],
    [
      'no progress in another state',
      { progress: 40, currentStep: 'writing' },
      reading('confirming'),
      { progress: undefined, currentStep: undefined },
    ],
    [
      'a version that is certain again',
      { versionDoubted: true, staleReadings: 3, itemVersion: 3 },
      reading('executing'),
      { versionDoubted: false, staleReadings: 0, itemVersion: 3 },
    ],
    [
      'a failure in the words of the server',
      {},
      reading('failed', { error: 'no text' }),
      {
        failure: {
          kind: 'job-failed',
          message: 'no text',
          advice: 'Look at the input and the answers, then start a new job.',
          delivery: 'refused',
        },
      },
    ],
    [
      'a failure without words',
      {},
      reading('failed'),
      { failure: expect.objectContaining({ message: 'the server says that the job failed, and not why' }) },
    ],
    [
      'the slots of the job',
      {},
      { ...reading('executing'), slots: [slot('tone')] },
      { slots: [slot('tone')] },
    ],
    [
      'an open question',
      {},
      reading('slot_needed', { checkpoint: { checkpointId: 'c1', slots: [slot('tone')] } }),
      { answered: undefined, question: expect.objectContaining({ slots: [slot('tone')] }) },
    ],
    [
      'a question before execution',
      { slots: [slot('tone')] },
      reading('pending'),
      { answered: undefined, question: expect.objectContaining({ slots: [slot('tone')] }) },
    ],
    [
      'a question that is closed by `executing`',
      { question: questionWith() },
      reading('executing', { itemVersion: 4 }),
      { question: undefined, answered: { checkpointId: undefined, itemVersion: 4, question: rebuilt } },
    ],
    [
      'a question that is closed by `confirming`',
      { question: questionWith(), itemVersion: 4 },
      reading('confirming'),
      { question: undefined, answered: { checkpointId: undefined, itemVersion: 4, question: rebuilt } },
    ],
    ['a checkpoint with a version', {}, reading('slot_needed', { itemVersion: 2 }), { metCheckpoint: true }],
    ['a checkpoint without one', {}, reading('slot_needed'), { metCheckpoint: false }],
    [
      'a checkpoint that was met before',
      { metCheckpoint: true },
      reading('executing', { itemVersion: 2 }),
      { metCheckpoint: true },
    ],
    ['no checkpoint', {}, reading('executing', { itemVersion: 2 }), { metCheckpoint: false }],
  ])('takes from a reading %s', (_name, changes, value, expected) => {
    expect(patch(changes, value)).toMatchObject(expected);
  });

  it.each([0, 4])('counts a stale reading after %i of them, and takes nothing from it', (staleReadings) => {
    const stale = reading('executing', { itemVersion: 3, progress: 90 });
    expect(patch({ itemVersion: 4, staleReadings }, stale)).toEqual({
      ...{ lastReadAt: 500, itemVersion: 4, staleReadings: staleReadings + 1 },
    });
  });

  it('leaves status and progress where a reading has no status', () => {
    const known = { statusWord: 'executing', progress: 40, metCheckpoint: true, lastReadAt: 7 };
    const changes = patch(known, noStatus({ itemVersion: 4 }), 'job');
    expect(changes).toMatchObject({ metCheckpoint: true, itemVersion: 4, lastReadAt: 7 });
    expect(changes).not.toHaveProperty('statusWord');
    expect(changes).not.toHaveProperty('progress');
  });

  it('takes a read of the job for one of its status only where it shows the question', () => {
    expect(patch({ lastReadAt: 7 }, reading('executing'), 'job').lastReadAt).toBe(500);
    expect(patch({ lastReadAt: 7 }, reading('slot_needed'), 'job').lastReadAt).toBe(7);
    expect(patch({ lastReadAt: 7 }, reading('slot_needed'), 'status').lastReadAt).toBe(500);
  });

  it('has nothing of slots, questions and failures that a reading does not show', () => {
    const running = patch({}, { ...reading('executing'), slots: [] });
    for (const name of ['slots', 'question', 'failure', 'resultKeptUntil'])
      expect(running).not.toHaveProperty(name);
    expect(patch({ question: questionWith() }, reading('completed'))).not.toHaveProperty('question');
    const ended = { statusWord: 'executing', lastReadAt: 500 };
    expect(patch(ended, reading('failed'))).not.toHaveProperty('resultKeptUntil');
  });

  it.each<[string, Partial<JobContext>, number | undefined]>([
    ['that was seen unfinished', { statusWord: 'executing', lastReadAt: 100 }, 100 + 24 * HOUR],
    ['that was seen unfinished, and never read', { statusWord: 'executing' }, undefined],
    ['that was found completed', { lastReadAt: 100 }, undefined],
    ['that was found completed before', { statusWord: 'completed', lastReadAt: 100 }, undefined],
    ['whose time is known', { statusWord: 'executing', lastReadAt: 100, resultKeptUntil: 9 }, 9],
  ])('the result of a job %s is kept until %s', (_name, changes, until) => {
    expect(patch(changes, reading('completed')).resultKeptUntil).toBe(until);
  });
});

describe('closeQuestion', () => {
  it('does nothing without a question', () => {
    expect(closeQuestion(attachedWith({ fills: 2 }))).toEqual({});
  });

  it('keeps the question as it was confirmed, without its errors and the setbacks of its calls', () => {
    const question = checkpointQuestion({
      fieldErrors: [{ field: 'tone', message: 'no' }],
      conflicts: [{ slotId: 'tone', ours: 'warm', theirs: 'cold' }],
      uncertain: true,
    });
    const setbacks = { filling: lost, sending: lost, reading: lost };
    expect(closeQuestion(attachedWith({ question, fills: 2, itemVersion: 4, setbacks }))).toEqual({
      setbacks: { reading: lost },
      fills: 0,
      question: undefined,
      answered: { checkpointId: 'c1', itemVersion: 4, question: checkpointQuestion() },
    });
  });
});

describe('trusting', () => {
  const answered = { checkpointId: undefined, itemVersion: 4, question: questionWith() };
  const atC1 = { checkpointId: 'c1', itemVersion: 4, question: checkpointQuestion() };
  const at = (checkpointId: string, itemVersion?: number): Reading => ({
    ...reading('slot_needed', { checkpoint: { checkpointId, slots: [] } }),
    ...(itemVersion === undefined ? {} : { itemVersion }),
  });
  const doubting = (changes: Partial<JobContext>, value: Reading) =>
    trusting(attachedWith({ staleReadings: 2, ...changes }), value);

  it('changes nothing while no reading was stale', () => {
    const context = attachedWith({ answered });
    expect(trusting(context, reading('pending'))).toBe(context);
  });

  it.each<[string, Partial<JobContext>, Reading, boolean]>([
    ['`pending` after the slots before execution', { answered }, reading('pending'), true],
    ['`pending` after a checkpoint', { answered: atC1 }, reading('pending'), false],
    ['the answered checkpoint in its version', { answered: atC1 }, at('c1', 4), true],
    ['the answered checkpoint without a version', { answered: atC1 }, at('c1'), true],
    ['the same name in a newer version', { answered: atC1 }, at('c1', 5), false],
    ['another checkpoint', { answered: atC1 }, at('c2', 4), false],
    ['a checkpoint without its name', { answered: atC1 }, reading('slot_needed'), false],
    ['a checkpoint after the slots before execution', { answered }, at('c1', 4), false],
    ['one without a name after the slots before execution', { answered }, reading('slot_needed'), false],
    ['a job that runs', { answered: atC1 }, { ...at('c1', 4), status: 'executing' }, false],
    ['a job without a status in this version', { answered: atC1 }, noStatus({ itemVersion: 4 }), true],
    ['a job without a status in a newer version', { answered: atC1 }, noStatus({ itemVersion: 5 }), false],
    [
      'a job without a status and a version',
      { answered: { ...answered, itemVersion: undefined } },
      noStatus(),
      true,
    ],
    [
      'a version, where it was answered without one',
      { answered: { ...atC1, itemVersion: undefined } },
      at('c1', 1),
      false,
    ],
    ['nothing that was answered', {}, reading('pending'), false],
  ])('a reading of %s', (_name, changes, value, isReopened) => {
    const trusted = doubting(changes, value);
    expect(trusted).toMatchObject({ answered: undefined, staleReadings: 0 });
    expect(trusted.question).toEqual(
      isReopened ? { ...changes.answered?.question, wasConfirmed: true } : undefined,
    );
  });

  it('keeps the question that is open', () => {
    const open = checkpointQuestion({ held: {} });
    expect(doubting({ question: open, answered: atC1 }, at('c1', 4)).question).toBe(open);
  });

  it('does not count a confirm that was only ever refused', () => {
    const question = checkpointQuestion({ refusedConfirms: 1 });
    expect(doubting({ answered: { ...atC1, question } }, at('c1', 4)).question).toEqual({
      ...{ ...question, wasConfirmed: false },
    });
  });

  it.each<[string, Partial<JobContext>, Reading, boolean]>([
    [
      '`pending` with the version that we hold',
      { itemVersion: 4 },
      reading('pending', { itemVersion: 4 }),
      false,
    ],
    ['`pending` with a newer one', { itemVersion: 4 }, reading('pending', { itemVersion: 5 }), false],
    ['`pending` with an older one', { itemVersion: 4 }, reading('pending', { itemVersion: 3 }), true],
    ['`pending` with a version where we hold none', {}, reading('pending', { itemVersion: 0 }), false],
    ['`pending` without a version', { itemVersion: 4 }, reading('pending'), true],
    ['no status, and no question', {}, noStatus(), false],
    ['no status, and an open question', { question: questionWith() }, noStatus({ itemVersion: 9 }), true],
  ])('a checkpoint still counts as met after %s: %s', (_name, changes, value, isMet) => {
    expect(doubting({ metCheckpoint: true, ...changes }, value).metCheckpoint).toBe(isMet);
    expect(doubting({ metCheckpoint: false, ...changes }, value).metCheckpoint).toBe(false);
  });
});

describe('patchFromCreate', () => {
  const { slots: _, ...silent } = job();
  const catalogued = workflow({ requiredSlots: [slot('tone')] });
  it.each([
    ['the slots that the create lists', job({ slots: [slot('length')] }), catalogued, [slot('length')]],
    ['no slots where the create says so', job(), catalogued, []],
    ['the slots of the catalog where it does not say', silent, catalogued, [slot('tone')]],
    ['no slots where neither says', silent, undefined, []],
  ])('takes %s', (_name, created, known, slots) => {
    const context = contextWith({ workflow: known, failure: failureWith('outcome-unknown') });
    expect(patchFromCreate(context, created, 500)).toMatchObject({
      ...{ jobSpecId: 'job_1', failure: undefined, slots, itemVersion: 1, lastReadAt: 500 },
      question: { slots },
    });
  });
});

describe('patchFromFill', () => {
  it('takes the new version from the server, and holds what was sent', () => {
    const context = attachedWith({
      itemVersion: 3,
      fills: 1,
      question: questionWith({ held: { length: 'long' } }),
    });
    expect(patchFromFill(context, { jobSpecId: 'job_1', itemVersion: 4 })).toEqual({
      ...{ itemVersion: 4, versionDoubted: false, fills: 2, failure: undefined },
      question: questionWith({ held: { length: 'long', tone: 'warm' } }),
    });
  });

  it('doubts the version where the server does not say it', () => {
    expect(patchFromFill(attachedWith({ itemVersion: 3 }), { jobSpecId: 'job_1' })).toEqual({
      ...{ itemVersion: 3, versionDoubted: true, fills: 1, failure: undefined, question: undefined },
    });
  });
});

describe('patchFromConfirm', () => {
  it('closes the question with the version that the confirm returned', () => {
    const context = attachedWith({
      question: checkpointQuestion(),
      itemVersion: 3,
      staleReadings: 2,
      lastReadAt: 900,
    });
    expect(patchFromConfirm(context, { itemVersion: 4 }, 500)).toMatchObject({
      ...{ question: undefined, itemVersion: 4, lastReadAt: 900, staleReadings: 0, failure: undefined },
      answered: { checkpointId: 'c1', itemVersion: 4 },
    });
  });

  it('keeps the version where it returned none', () => {
    const context = attachedWith({ question: checkpointQuestion(), itemVersion: 3 });
    expect(patchFromConfirm(context, {}, 500)).toMatchObject({
      ...{ itemVersion: 3, lastReadAt: 500, answered: { itemVersion: 3 } },
    });
  });
});
