import { describe, expect, it } from 'vitest';
import {
  isSlotValue,
  readGivenSlots,
  SLOT_VALUE_IN_WORDS,
  slotIn,
  valueShown,
} from '../../../src/machines/question/slot-value.js';

describe('a value in an error', () => {
  it.each([
    ['"text"', 'text'],
    ['"a\\"b"', 'a"b'],
    [`"${'x'.repeat(40)}"`, 'x'.repeat(41)],
    ['null', null],
    ['undefined', undefined],
    ['7', 7],
    ['NaN', Number.NaN],
    ['true', true],
    ['false', false],
    ['a list', ['secret']],
    ['of type object', { secret: 1 }],
    ['of type bigint', 1n],
    ['of type function', () => 1],
  ])('is %s', (shown, value) => expect(valueShown(value)).toBe(shown));
});

describe('the number of entries of a value', () => {
  it.each([
    [99_999, true],
    [100_000, false],
  ])('a list of %d entries: %s', (entries, isTaken) =>
    expect(isSlotValue(Array.from({ length: entries }, () => 'x'))).toBe(isTaken),
  );
});

describe('the value of a slot', () => {
  const map = { a: 'x', toString: 'own' };

  it.each([
    [map, 'a', 'x'],
    [map, 'toString', 'own'],
    [map, 'valueOf', undefined],
    [map, 'b', undefined],
    [null, 'a', undefined],
    [undefined, 'a', undefined],
  ])('of %j by %s is %s', (values, slotId, value) => expect(slotIn(values, slotId)).toBe(value));
});

describe('given slots', () => {
  const unreadable = (what: string) => ({
    values: {},
    complaints: [
      {
        field: '',
        message: `the values given are ${what}, and nothing of them was taken; give an object: slotId → value`,
      },
    ],
    isUnreadable: true,
  });

  it.each([
    [null, 'null'],
    ['text', '"text"'],
    [['a'], 'a list'],
  ])('%j is refused as a whole', (given, what) => expect(readGivenSlots(given)).toEqual(unreadable(what)));

  it('an object that throws when it is read is refused as a whole', () => {
    const given = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('not readable');
        },
      },
    );
    expect(readGivenSlots(given)).toEqual(unreadable('an object that cannot be read'));
  });

  it('an invalid value is reported, the others are taken, and undefined counts as missing', () => {
    expect(readGivenSlots({ good: 'x', bad: { a: 1 }, none: undefined })).toEqual({
      values: { good: 'x' },
      complaints: [
        { field: 'bad', message: `the value given is of type object; allowed is ${SLOT_VALUE_IN_WORDS}` },
      ],
      isUnreadable: false,
    });
  });
});
