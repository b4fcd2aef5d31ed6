import { describe, expect, it } from 'vitest';
import type { JobOptions } from '../../../src/machines/job-input.js';
import {
  advancedCursors,
  inputRequest,
  isBlank,
  isInTurn,
  markSent,
  missingSlots,
  needsPerson,
  openQuestion,
  preparedValue,
  type Question,
  sameValue,
  takesSeveral,
  unsentAnswers,
  withSubmission,
} from '../../../src/machines/question/question.js';
import type { SlotValue } from '../../../src/services/wire/wire-types.js';
import { checkpointQuestion, questionWith, slot } from '../../support/example-context.js';

const tone = slot('tone');
const several = slot('tone', { type: 'multi_choice' });

describe('values', () => {
  it.each<[SlotValue | undefined, boolean]>([
    [undefined, true],
    [null, true],
    ['', true],
    [[], true],
    [['', [null]], true],
    [['', 'a'], false],
    [0, false],
    [false, false],
    [' ', false],
  ])('%j is blank: %s', (value, expected) => expect(isBlank(value)).toBe(expected));

  it('are the same by their content', () => {
    expect(sameValue(['a', 1], ['a', 1])).toBe(true);
    expect(sameValue('1', 1)).toBe(false);
    expect(sameValue(undefined, undefined)).toBe(true);
  });

  it.each([
    ['multi_choice', true],
    ['LIST', true],
    ['string[]', true],
    ['array', true],
    ['text', false],
    ['[', false],
  ])('a slot of the type %s takes several: %s', (type, expected) =>
    expect(takesSeveral({ type })).toBe(expected),
  );
});

describe('prepared answers', () => {
  it.each<
    [string, JobOptions['answers'], typeof tone, boolean, SlotValue | undefined, SlotValue | undefined]
  >([
    ['a text', { tone: 'warm' }, tone, false, 'warm', 'warm'],
    ['a list', { tone: ['warm', 'cold'] }, tone, true, 'warm', 'cold'],
    [
      'a flat list for several',
      { tone: ['warm', 'cold'] },
      several,
      false,
      ['warm', 'cold'],
      ['warm', 'cold'],
    ],
    ['lists for several', { tone: [['warm'], ['cold', 'dry']] }, several, true, ['warm'], ['cold', 'dry']],
    ['texts and lists for several', { tone: ['warm', ['cold']] }, several, true, 'warm', ['cold']],
    ['an exhausted list', { tone: ['warm'] }, tone, true, 'warm', undefined],
    ['`null`', { tone: null }, tone, false, null, null],
    ['nothing', {}, tone, false, undefined, undefined],
    ['no answers', undefined, tone, false, undefined, undefined],
    // Boundary: what a host in JavaScript may pass.
    ['an object', { tone: { a: 1 } as never }, tone, false, undefined, undefined],
  ])('of %s', (_name, answers, asked, inTurn, first, second) => {
    const options: JobOptions = { answers };
    expect(isInTurn(options, asked)).toBe(inTurn);
    expect(preparedValue(options, {}, asked)).toEqual(first);
    const turns = advancedCursors(options, {}, [asked]);
    expect(turns).toEqual(inTurn ? { tone: 1 } : {});
    expect(preparedValue(options, turns, asked)).toEqual(second);
    expect(advancedCursors(options, turns, [asked])).toEqual(inTurn ? { tone: 2 } : {});
  });

  it('come before `slots`, even when they are exhausted', () => {
    expect(preparedValue({ slots: { tone: 'dry' } }, {}, tone)).toBe('dry');
    expect(preparedValue({ slots: { tone: 'dry' }, answers: { tone: 'warm' } }, {}, tone)).toBe('warm');
    expect(preparedValue({ slots: { tone: 'dry' }, answers: { tone: ['warm'] } }, { tone: 1 }, tone)).toBe(
      undefined,
    );
  });

  it('advance the cursors of their slots alone', () => {
    const options: JobOptions = { answers: { tone: ['a', 'b'], length: ['c'] } };
    expect(advancedCursors(options, { length: 4, other: 2 }, [tone])).toEqual({
      length: 4,
      other: 2,
      tone: 1,
    });
  });
});

describe('openQuestion', () => {
  const valued = [slot('tone', { value: 'cold' }), slot('empty', { value: '' }), slot('none')];

  it('takes what the server has as the value, before execution', () => {
    expect(openQuestion({}, {}, { slots: valued })).toEqual({
      question: {
        ...{ slots: valued, values: { tone: 'cold' }, held: { tone: 'cold' } },
        ...{ fieldErrors: [], conflicts: [], uncertain: false },
      },
      turns: {},
    });
  });

  it('takes it as a proposal at a checkpoint', () => {
    const checkpoint = { checkpointId: 'c1', slots: valued };
    const { question } = openQuestion({}, {}, { checkpoint, slots: valued });
    expect(question).toMatchObject({ checkpoint, held: { tone: 'cold' } });
    expect(question.values).toEqual({});
  });

  it('fills in what is prepared, and uses it up', () => {
    const options = { answers: { tone: ['warm', 'dry'], none: 'x' } };
    expect(openQuestion(options, {}, { slots: valued })).toMatchObject({
      question: { values: { tone: 'warm', none: 'x' }, held: { tone: 'cold' } },
      turns: { tone: 1 },
    });
    const exhausted = openQuestion(options, { tone: 2 }, { slots: valued });
    expect(exhausted.turns).toEqual({ tone: 2 });
  });

  it('asks a person about more than 1,000 slots', () => {
    const slots = Array.from({ length: 1_001 }, (_, at) => slot(`s${at}`, { required: false }));
    expect(openQuestion({}, {}, { slots: slots.slice(1) }).question.fieldErrors).toEqual([]);
    expect(openQuestion({}, {}, { slots }).question.fieldErrors).toEqual([
      { field: '', message: 'the job asks for more than 1000 slots; those beyond are not shown' },
    ]);
  });
});

describe('what is missing and unsent', () => {
  it('are required slots without a value', () => {
    const slots = [tone, slot('length'), slot('free', { required: false })];
    expect(missingSlots(questionWith({ slots, values: { tone: 'warm', length: [''] } }))).toEqual(['length']);
  });

  it.each<[string, Partial<Question>, boolean]>([
    ['nothing missing', {}, false],
    ['a missing value', { values: {} }, true],
    ['an error', { fieldErrors: [{ field: 'tone', message: 'no' }] }, true],
    ['a conflict', { conflicts: [{ slotId: 'tone', ours: 'a', theirs: 'b' }] }, true],
  ])('a question with %s needs a person: %s', (_name, changes, expected) => {
    expect(needsPerson(questionWith(changes))).toBe(expected);
  });

  it.each<[string, Question['values'], Question['held'], SlotValue | undefined]>([
    ['a new value', { tone: 'warm' }, {}, 'warm'],
    ['another value', { tone: 'warm' }, { tone: 'cold' }, 'warm'],
    ['the same value', { tone: 'warm' }, { tone: 'warm' }, undefined],
    ['no value', {}, { tone: 'cold' }, undefined],
    ['`null` for a value that is held', { tone: null }, { tone: 'cold' }, null],
    ['`null` for nothing', { tone: null }, {}, undefined],
    ['an empty value', { tone: '' }, {}, ''],
  ])('%s', (_name, values, held, value) => {
    const unsent = unsentAnswers(questionWith({ values, held }));
    expect(unsent).toEqual(value === undefined ? [] : [{ slotId: 'tone', value }]);
  });

  it('has arrived after an accepted PATCH', () => {
    const sent = markSent(questionWith({ held: { tone: 'cold', length: 'long' } }));
    expect(sent.held).toEqual({ tone: 'warm', length: 'long' });
    expect(unsentAnswers(sent)).toEqual([]);
  });

  it('is shown to a person, with the checkpoint if there is one', () => {
    const shown = { slots: [tone], missing: ['tone'], values: {}, fieldErrors: [], conflicts: [] };
    expect(inputRequest(questionWith({ values: {} }))).toEqual(shown);
    const { checkpoint } = checkpointQuestion();
    expect(inputRequest(checkpointQuestion({ values: {} }))).toEqual({ checkpoint, ...shown });
  });
});

describe('withSubmission', () => {
  const conflicts = [
    { slotId: 'tone', ours: 'warm', theirs: 'cold' },
    { slotId: 'length', ours: 'long', theirs: 'short' },
  ];
  const slots = [tone, slot('length')];

  it('takes values of slots that are asked for, and rejects the others by name', () => {
    const before = questionWith({ fieldErrors: [{ field: 'tone', message: 'no' }] });
    expect(withSubmission(before, { tone: 'dry', tine: 'x' })).toEqual({
      ...before,
      values: { tone: 'dry' },
      fieldErrors: [{ field: 'tine', message: 'this slot is not asked for' }],
    });
  });

  it('decides the conflicts of its slots', () => {
    const conflicting = questionWith({ slots, conflicts });
    expect(withSubmission(conflicting, { tone: 'warm' })).toEqual({
      ...{ ...conflicting, values: { tone: 'warm' }, held: { tone: 'cold' }, conflicts: [conflicts[1]] },
    });
  });

  it('reports what no slot takes, and keeps the value before it', () => {
    const after = withSubmission(questionWith(), { tone: { a: 1 } });
    expect(after.values).toEqual({ tone: 'warm' });
    expect(after.fieldErrors).toMatchObject([{ field: 'tone' }]);
  });

  it('only adds an error, once, where nothing can be read of it', () => {
    const before = questionWith({ fieldErrors: [{ field: 'tone', message: 'no' }] });
    const once = withSubmission(before, 'text');
    expect(once).toMatchObject({ values: before.values, slots: before.slots });
    expect(once.fieldErrors).toMatchObject([{ field: 'tone', message: 'no' }, { field: '' }]);
    expect(withSubmission(once, 'text')).toEqual(once);
  });

  it('makes slots of any name where the server never named one', () => {
    const nameless = questionWith({ slots: [], values: {}, held: {} });
    const first = withSubmission(nameless, { tone: 'dry' });
    expect(first).toMatchObject({
      slots: [tone],
      values: { tone: 'dry' },
      hasUnknownSlots: true,
      fieldErrors: [],
    });
    const second = withSubmission(first, { length: 'long' });
    expect(second).toMatchObject({ slots, values: { tone: 'dry', length: 'long' }, fieldErrors: [] });
    expect(withSubmission(questionWith(), { tone: 'dry' })).not.toHaveProperty('hasUnknownSlots');
  });
});
