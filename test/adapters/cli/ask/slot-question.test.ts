import { describe, expect, it } from 'vitest';
import {
  generalComplaints,
  keptAsTyped,
  readTyped,
  type SlotQuestion,
  slotQuestions,
} from '../../../../src/adapters/cli/ask/slot-question.js';
import type { InputRequest } from '../../../../src/machines/job-events.js';
import type { SlotDefinition } from '../../../../src/services/wire/wire-types.js';

const slot = (slotId: string, more: Partial<SlotDefinition> = {}): SlotDefinition => ({
  slotId,
  type: 'text',
  required: true,
  ...more,
});

const request = (slots: readonly SlotDefinition[], more: Partial<InputRequest> = {}): InputRequest => ({
  slots,
  missing: slots.filter((each) => each.required).map((each) => each.slotId),
  values: {},
  fieldErrors: [],
  conflicts: [],
  ...more,
});

/** The one question of a request. */
function only(asked: InputRequest): SlotQuestion {
  const [question, ...more] = slotQuestions(asked);
  expect(more).toEqual([]);
  if (question === undefined) throw new Error('nothing is asked');
  return question;
}

describe('which slots are asked for', () => {
  it('at first, what is missing and what is optional; not what is known', () => {
    const slots = [slot('tone'), slot('length'), slot('note', { required: false })];
    const asked = slotQuestions(request(slots, { missing: ['tone'], values: { length: 'short' } }));
    expect(asked.map((question) => question.slotId)).toEqual(['tone', 'note']);
  });

  it('again, only what was refused, keeping what was typed', () => {
    const slots = [slot('tone'), slot('note', { required: false })];
    const refused = request(slots, {
      missing: [],
      values: { tone: 'rude' },
      fieldErrors: [{ field: 'tone', message: 'must be\u001b[5m polite' }],
    });
    expect(only(refused)).toMatchObject({ message: 'tone – refused: must be␛[5m polite', kept: 'rude' });
  });

  it('all of them, where the server does not say which', () => {
    const refused = request([slot('a'), slot('b')], {
      missing: [],
      values: { a: '1', b: '2' },
      fieldErrors: [{ field: '', message: 'no good' }],
    });
    expect(slotQuestions(refused).map((question) => question.slotId)).toEqual(['a', 'b']);
    expect(generalComplaints(refused)).toEqual(['no good']);
  });

  it('a conflict as a choice between theirs and ours', () => {
    const asked = only(
      request([slot('tone')], {
        missing: [],
        values: { tone: 'warm' },
        conflicts: [{ slotId: 'tone', ours: 'warm', theirs: 'cold' }],
      }),
    );
    expect(asked.form).toBe('choice');
    expect(asked.options.map((option) => option.value)).toEqual(['cold', 'warm']);
    expect(asked.message).toContain('someone else set it to cold');
  });
});

describe('how a slot is asked for', () => {
  it.each([
    [{ type: 'text' }, 'text'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'boolean' }, 'yes-no'],
    [{ type: 'boolean', required: false }, 'choice'],
    [{ type: 'list' }, 'list'],
    [{ type: 'enum', options: ['a', 'b'] }, 'choice'],
    [{ type: 'multi_select', options: ['a', 'b'] }, 'choices'],
    [{ type: 'enum', options: [] }, 'text'],
    [{ type: 'something new' }, 'text'],
  ])('%j as %s', (more, form) => {
    expect(only(request([slot('x', more)])).form).toBe(form);
  });

  it('by its label and description, made harmless', () => {
    const asked = only(request([slot('x', { label: 'To\u202ene', description: 'a\nb', required: false })]));
    expect(asked.message).toBe('To<U+202E>ne (a b), optional');
  });
});

describe('what was typed', () => {
  it('is read as what the slot is', () => {
    const number = only(request([slot('x', { type: 'number' })]));
    expect(readTyped(number, ' 12.5 ')).toBe(12.5);
    expect(readTyped(number, 'twelve')).toBeInstanceOf(Error);
    expect(readTyped(number, '')).toBeInstanceOf(Error);
    const list = only(request([slot('x', { type: 'list' })]));
    expect(readTyped(list, 'a, b,c')).toEqual(['a', 'b', 'c']);
    const optional = only(request([slot('x', { required: false })]));
    expect(readTyped(optional, '  ')).toBeUndefined();
    expect(readTyped(optional, ' x ')).toBe('x');
  });

  it('can be typed again', () => {
    const kept = (value: SlotQuestion['kept']) =>
      keptAsTyped({ slotId: 'x', form: 'text', message: '', isRequired: true, options: [], kept: value });
    expect([kept('a'), kept(['a', 'b']), kept(3), kept(undefined), kept(null)]).toEqual([
      'a',
      'a, b',
      '3',
      undefined,
      undefined,
    ]);
  });
});
