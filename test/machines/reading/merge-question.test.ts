import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import type { Question } from '../../../src/machines/question/question.js';
import type { Reading } from '../../../src/machines/reading/classify-reading.js';
import { isIncomplete, questionAfter, reconcile } from '../../../src/machines/reading/merge-question.js';
import { attachedWith, checkpointQuestion, questionWith, slot } from '../../support/example-context.js';
import { reading } from '../../support/scripted-ports.js';

const noStatus: Reading = { ...reading('pending'), statusWord: '' };
const policy = (onSlotConflict: JobInput['onSlotConflict']) =>
  attachedWith({ input: { jobSpecId: 'job_1', onSlotConflict } });
const showing = (value: unknown, more: Partial<Reading> = {}): Reading => ({
  ...reading('pending'),
  // Boundary: any value that a server may show.
  slots: [{ ...slot('tone'), value: value as string }],
  ...more,
});
const conflict = { slotId: 'tone', ours: 'warm', theirs: 'cold' };
const tone = (value: string) => ({ tone: value });

describe('reconcile', () => {
  it.each<[string, JobContext, Partial<Question>, Reading, Partial<Question>]>([
    [
      'our value arrived',
      attachedWith(),
      { held: {} },
      showing('warm'),
      { values: tone('warm'), held: tone('warm'), conflicts: [] },
    ],
    [
      'a value where we have none',
      attachedWith(),
      { values: {}, held: {} },
      showing('cold'),
      { values: tone('cold'), held: tone('cold'), conflicts: [] },
    ],
    [
      'a value that we know, and will change',
      attachedWith(),
      { held: tone('cold') },
      showing('cold'),
      { values: tone('warm'), held: tone('cold'), conflicts: [] },
    ],
    [
      'another value than ours',
      attachedWith(),
      {},
      showing('cold'),
      { values: tone('warm'), held: tone('warm'), conflicts: [conflict] },
    ],
    [
      'another value, where a person is asked',
      policy('ask'),
      {},
      showing('cold'),
      { conflicts: [conflict], values: tone('warm') },
    ],
    [
      'another value, where theirs counts',
      policy('theirs'),
      {},
      showing('cold'),
      { values: tone('cold'), held: tone('cold'), conflicts: [] },
    ],
    [
      'another value, where ours counts',
      policy('ours'),
      {},
      showing('cold'),
      { values: tone('warm'), held: tone('cold'), conflicts: [] },
    ],
    [
      'a known conflict that is not mentioned',
      attachedWith(),
      { conflicts: [conflict, { ...conflict, slotId: 'length' }] },
      reading('pending'),
      { conflicts: [conflict] },
    ],
    [
      'a known conflict that is gone',
      attachedWith(),
      { conflicts: [conflict] },
      showing('warm'),
      { conflicts: [] },
    ],
    ['an empty value', attachedWith(), {}, showing(''), { held: tone('warm'), conflicts: [] }],
    ['null', attachedWith(), {}, showing(null), { held: tone('warm'), conflicts: [] }],
    [
      'the value of another slot',
      attachedWith(),
      {},
      { ...reading('pending'), slots: [slot('length', { value: 'long' })] },
      { values: tone('warm'), held: tone('warm'), conflicts: [] },
    ],
    [
      'a value in the checkpoint',
      attachedWith(),
      {},
      reading('slot_needed', {
        checkpoint: { checkpointId: 'c1', slots: [slot('tone', { value: 'cold' })] },
      }),
      { conflicts: [conflict] },
    ],
  ])('%s', (_name, context, changes, value, expected) => {
    const question = questionWith({ uncertain: true, ...changes });
    expect(reconcile(context, question, value)).toEqual({ ...question, ...expected, uncertain: false });
  });
});

describe('isIncomplete', () => {
  const shows = (checkpointId: string, slots = [slot('tone')]) => ({ checkpoint: { checkpointId, slots } });
  it.each<[string, Question | undefined, Reading, boolean]>([
    ['a job without a status', undefined, noStatus, true],
    ['a job that is pending', undefined, reading('pending'), false],
    ['a job that runs', undefined, reading('executing'), false],
    ['a checkpoint that is not shown', undefined, reading('slot_needed'), true],
    ['a checkpoint with its slots', undefined, reading('slot_needed', shows('c1')), false],
    ['a checkpoint without slots', undefined, reading('slot_needed', shows('c1', [])), true],
    [
      'the open checkpoint without slots',
      checkpointQuestion(),
      reading('slot_needed', shows('c1', [])),
      false,
    ],
    ['another one without slots', checkpointQuestion(), reading('slot_needed', shows('c2', [])), true],
    [
      'one without slots after the slots before execution',
      questionWith(),
      reading('slot_needed', shows('c1', [])),
      true,
    ],
  ])('%s', (_name, question, value, expected) => {
    expect(isIncomplete(attachedWith({ question }), value)).toBe(expected);
  });
});

describe('questionAfter', () => {
  const listed = [slot('tone'), slot('length')];
  const questionOf = (changes: Partial<JobContext>, value: Reading, source: 'job' | 'status' = 'status') =>
    questionAfter(attachedWith(changes), value, source);
  const opened = (slots: readonly unknown[], more: object = {}) =>
    expect.objectContaining({ slots, values: {}, held: {}, uncertain: false, ...more });

  it('opens the slots before execution', () => {
    expect(questionOf({}, { ...reading('pending'), slots: listed })).toEqual({
      ...{ question: opened(listed), turns: {}, slots: listed },
    });
    expect(questionOf({}, { ...reading('pending'), slots: listed }).question?.checkpoint).toBeUndefined();
  });

  it('takes those that are known where a reading lists none', () => {
    for (const value of [reading('pending'), { ...reading('pending'), slots: [] }])
      expect(questionOf({ slots: listed }, value)).toEqual({
        question: opened(listed),
        turns: {},
        slots: listed,
      });
  });

  it('opens a checkpoint, and keeps the slots before execution', () => {
    const checkpoint = { checkpointId: 'c1', slots: listed };
    expect(questionOf({ slots: [slot('old')] }, reading('slot_needed', { checkpoint }))).toEqual({
      ...{ question: opened(listed, { checkpoint }), turns: {}, slots: [slot('old')] },
    });
  });

  it('makes a checkpoint of the slots of the job where none is shown', () => {
    const checkpoint = { checkpointId: '', slots: listed };
    const asked = questionOf({ slots: [slot('old')] }, { ...reading('slot_needed'), slots: listed });
    expect(asked.slots).toEqual([slot('old')]);
    expect(asked.question).toEqual(opened(listed, { checkpoint }));
    expect(questionOf({}, reading('slot_needed')).question).toEqual(
      opened([], { checkpoint: { checkpointId: '', slots: [] } }),
    );
  });

  it('keeps the values of the question that is open', () => {
    const open = questionWith();
    expect(questionOf({ question: open, slots: listed }, reading('pending'))).toEqual({
      ...{ question: open, turns: {}, slots: listed },
    });
    const again = reading('slot_needed', { checkpoint: { checkpointId: 'c1', slots: [slot('tone')] } });
    expect(questionOf({ question: checkpointQuestion() }, again).question?.values).toEqual(tone('warm'));
    expect(questionOf({ question: open }, again).question?.values).toEqual({});
    expect(questionOf({ question: checkpointQuestion() }, reading('slot_needed')).question?.values).toEqual(
      {},
    );
    expect(questionOf({ question: checkpointQuestion() }, reading('pending')).question?.values).toEqual({});
  });

  it('opens a question again with the first slots that are listed for it', () => {
    const unlisted = questionWith({ slots: [], values: {}, held: {}, hasUnknownSlots: true });
    expect(questionOf({ question: unlisted }, { ...reading('pending'), slots: listed }).question).toEqual(
      opened(listed),
    );
    expect(questionOf({ question: unlisted }, reading('pending')).question).toEqual(unlisted);
    const nameless = checkpointQuestion({ slots: [], values: {}, held: {} });
    const shown = reading('slot_needed', { checkpoint: { checkpointId: 'c1', slots: listed } });
    expect(questionOf({ question: nameless }, shown).question?.slots).toEqual(listed);
    const empty = {
      ...reading('slot_needed', { checkpoint: { checkpointId: 'c1', slots: [] } }),
      slots: listed,
    };
    expect(questionOf({ question: nameless }, empty).question).toEqual(nameless);
  });

  it('leaves a question uncertain that a read of the job does not show', () => {
    expect(questionOf({}, noStatus, 'job').question).toBeUndefined();
    expect(questionOf({ question: questionWith(), slots: listed }, noStatus, 'job')).toEqual({
      ...{ question: questionWith({ uncertain: true }), turns: {}, slots: listed },
    });
    const open = checkpointQuestion({ held: {} });
    const others = { ...reading('slot_needed'), slots: [slot('tone', { value: 'warm' })] };
    expect(questionOf({ question: open }, others, 'job').question).toEqual(
      checkpointQuestion({ held: tone('warm'), uncertain: true }),
    );
    const theirs = { checkpointId: 'c1', slots: [slot('tone', { value: 'warm' })] };
    expect(questionOf({ question: open }, { ...noStatus, checkpoint: theirs }, 'job').question).toEqual(
      checkpointQuestion({ held: tone('warm'), uncertain: true }),
    );
    const elsewhere = { ...others, checkpoint: { checkpointId: 'c2', slots: [] } };
    expect(questionOf({ question: open }, elsewhere, 'job').question).toEqual({ ...open, uncertain: true });
    const before = questionWith({ held: {} });
    expect(questionOf({ question: before }, elsewhere, 'job').question).toEqual({
      ...before,
      uncertain: true,
    });
    const shown = { ...reading('slot_needed'), checkpoint: { checkpointId: 'c1', slots: listed } };
    expect(questionOf({ question: open }, shown, 'job').question?.uncertain).toBe(false);
  });
});
