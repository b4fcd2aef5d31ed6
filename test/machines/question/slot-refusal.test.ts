import { describe, expect, it } from 'vitest';
import type { JobOptions } from '../../../src/machines/job-input.js';
import { withRefusal } from '../../../src/machines/question/slot-refusal.js';
import type { FieldError } from '../../../src/services/failure.js';
import { questionWith, slot } from '../../support/example-context.js';

const slots = [slot('tone'), slot('length')];
/** Both values are unsent. */
const both = questionWith({ slots, values: { tone: 'warm', length: 'long' }, held: {} });
/** Only the tone is. */
const one = questionWith({ slots, values: { tone: 'warm', length: 'long' }, held: { length: 'long' } });
const error = (field: string, message = 'no'): FieldError => ({ field, message });

describe('an error of a 422 belongs to', () => {
  it.each([
    ['the slot that it names', both, error('length'), 'length'],
    ['the slot in its path', both, error('body.length.value'), 'length'],
    ['the slot in its pointer', both, error('/values/length'), 'length'],
    ['the slot in brackets', both, error('values[length]'), 'length'],
    ['the slot that was sent at this place', both, error('slots[1].value'), 'length'],
    ['the slot that was sent first', both, error('body.slots.0'), 'tone'],
    ['the slot at a place with two digits', both, error('slots.01'), 'length'],
    ['a place where nothing was sent', one, error('slots[1].value'), 'slots[1].value'],
    ['the slot that is named behind such a place', one, error('slots[7].length'), 'length'],
    ['a field that is no slot', both, error('colour'), 'colour'],
    ['a list that is not that of the slots', both, error('myslots[1]'), 'myslots[1]'],
    ['the slot with which its text begins', both, error('', 'length is too long'), 'length'],
    ['the slot that its text quotes first', both, error('', '"length" is too long'), 'length'],
    ['no slot that its text names later', both, error('', 'too long: length'), ''],
    ['the only value that was sent', one, error('', 'too long'), 'tone'],
    ['no slot, of several values', both, error('', 'too long'), ''],
    ['no slot, as the rest of a list', one, error('', 'and 12 more'), ''],
    ['the only value, where a text only looks like such a rest', one, error('', 'and 12 more words'), 'tone'],
    ['the only value, where a text ends like it', one, error('', 'too long, and 12 more'), 'tone'],
    ['the only value, where a text has no words', one, error('', '?!'), 'tone'],
    [
      'the slot of a name with a dash',
      questionWith({ slots: [slot('my-tone'), slot('my')], values: {} }),
      error('', 'my-tone: no'),
      'my-tone',
    ],
    ['no slot, where nothing was sent', questionWith({ slots }), error('', 'too long'), ''],
  ])('%s', (_name, question, reported, field) => {
    const { question: refused } = withRefusal({}, {}, question, [reported]);
    expect(refused.fieldErrors).toEqual([{ ...reported, field }]);
    expect(refused.values).toEqual(question.values);
  });

  it('all values, where the server names nothing', () => {
    const { question, turns } = withRefusal({}, { tone: 1 }, both, []);
    expect(question).toEqual({
      ...both,
      fieldErrors: [{ field: '', message: 'the server refused these values' }],
    });
    expect(turns).toEqual({ tone: 1 });
  });
});

describe('a slot that only a 422 names', () => {
  it('can be filled where no slot is known, once for several errors', () => {
    const nameless = questionWith({ slots: [], values: {}, held: {} });
    const errors = [error('tone'), error('length'), error('tone', 'not so'), error('', 'too long')];
    const { question } = withRefusal({}, {}, nameless, errors);
    expect(question).toMatchObject({ slots, fieldErrors: errors });
  });

  it('can be filled where a value is prepared for it, and gets that value', () => {
    const options: JobOptions = { answers: { colour: 'red' } };
    const { question } = withRefusal(options, {}, both, [error('colour')]);
    expect(question).toEqual({
      ...both,
      slots: [...slots, slot('colour')],
      values: { ...both.values, colour: 'red' },
    });
  });

  it('is none that can be filled otherwise', () => {
    const { question } = withRefusal({}, {}, both, [error('colour'), error('tone')]);
    expect(question.slots).toEqual(slots);
  });
});

describe('before a person is asked', () => {
  const fill = (
    answers: JobOptions['answers'],
    turns: Record<string, number>,
    errors: readonly FieldError[],
  ) => withRefusal({ answers }, turns, both, errors);

  it('the next values of the lists are tried', () => {
    const answers = { tone: ['warm', 'dry'], length: ['long', 'short'] };
    expect(fill(answers, { tone: 1, length: 1 }, [error('tone'), error('length')])).toEqual({
      question: { ...both, values: { tone: 'dry', length: 'short' } },
      turns: { tone: 2, length: 2 },
    });
  });

  it.each<[string, JobOptions['answers'], Record<string, number>, readonly FieldError[]]>([
    ['a value was refused that is not one of a list', { tone: 'dry' }, {}, [error('tone')]],
    ['a list is exhausted', { tone: ['warm'] }, { tone: 1 }, [error('tone')]],
    ['the next value is the refused one', { tone: ['warm', 'warm'] }, { tone: 1 }, [error('tone')]],
    [
      'one of the slots has no other value',
      { tone: ['warm', 'dry'] },
      { tone: 1 },
      [error('tone'), error('length')],
    ],
    ['an error belongs to no slot', { tone: ['warm', 'dry'] }, { tone: 1 }, [error('tone'), error('')]],
  ])('nothing is tried where %s', (_name, answers, turns, errors) => {
    expect(fill(answers, turns, errors)).toEqual({ question: { ...both, fieldErrors: errors }, turns });
  });

  it('a list for a slot of several values is one value, which was refused', () => {
    const several = [slot('tone', { type: 'multi' }), slot('length')];
    const question = { ...both, slots: several, values: { tone: ['a', 'b'], length: 'long' } };
    const { question: refused } = withRefusal({ answers: { tone: ['a', 'b'] } }, {}, question, [
      error('tone'),
    ]);
    expect(refused).toMatchObject({ values: question.values, fieldErrors: [error('tone')] });
  });
});
