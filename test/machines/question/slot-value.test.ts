import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlotValue, readGivenSlots, slotIn } from '../../../src/machines/question/slot-value.js';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
const cycle: unknown[] = [];
cycle.push(cycle);
let doubled: unknown = ['x', 'x'];
for (let level = 0; level < 30; level += 1) doubled = [doubled, doubled];
const throwing = (): unknown =>
  new Proxy([], {
    get() {
      throw new Error('look away');
    },
  });

describe('what a slot can take', () => {
  it.each([['text'], [''], [0], [-1.5], [true], [null], [[]], [['a', 1, [null]]], [nested(32)]])(
    'takes %j',
    (value) => expect(isSlotValue(value)).toBe(true),
  );

  it.each([
    ['undefined', undefined],
    ['a BigInt', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['an object', { a: 1 }],
    ['a date', new Date(0)],
    ['a hole', Array(3)],
    ['a BigInt in a list', ['a', [1n]]],
    ['a list that holds itself', cycle],
    ['a list that is too deep', nested(33)],
    ['a list so deep that it would break the stack', nested(5_000)],
    ['a small thing that is endless to write', doubled],
  ])('refuses %s', (_, value) => expect(isSlotValue(value)).toBe(false));

  it('refuses what cannot be looked at', () => {
    expect(isSlotValue(throwing())).toBe(false);
    expect(isSlotValue([throwing()])).toBe(false);
  });

  it('takes whatever JSON carries unchanged, and nothing else', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4, withBigInt: true, withDate: true }), (value) => {
        if (!isSlotValue(value)) return;
        expect(JSON.parse(JSON.stringify(value))).toEqual(Object.is(value, -0) ? 0 : minusZeroless(value));
      }),
    );
  });
});

const minusZeroless = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(minusZeroless) : Object.is(value, -0) ? 0 : value;

describe('values that were given', () => {
  it('keeps each that is sound, under whatever name, and names the others', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
    fc.assert(
      fc.property(fc.dictionary(name, fc.anything()), (given) => {
        const { values, complaints, isUnreadable } = readGivenSlots(given);
        expect(isUnreadable).toBe(false);
        for (const [slotId, value] of Object.entries(given)) {
          const isKept = Object.hasOwn(values, slotId);
          const isNamed = complaints.some(({ field }) => field === slotId);
          expect([isKept, isNamed]).toEqual([isSlotValue(value), value !== undefined && !isSlotValue(value)]);
        }
      }),
    );
  });

  it.each([[null], [undefined], [[]], ['text'], [7], [1n]])('refuses %s as a whole', (given) => {
    expect(readGivenSlots(given)).toMatchObject({ values: {}, isUnreadable: true });
    expect(readGivenSlots(given).complaints).toHaveLength(1);
  });

  it('takes a copy: what the host changes later is not sent', () => {
    const list = ['a'];
    const { values } = readGivenSlots({ list });
    list.push('b');
    expect(slotIn(values, 'list')).toEqual(['a']);
  });
});
