import { expect, expectTypeOf, it } from 'vitest';
import { defined } from '../../src/services/defined.js';

it('leaves out what is undefined, and nothing else', () => {
  expect(Object.entries(defined({ a: undefined, b: null, c: 0, d: '', e: false }))).toEqual([
    ['b', null],
    ['c', 0],
    ['d', ''],
    ['e', false],
  ]);
});

it('makes optional what may be undefined, and nothing else', () => {
  const fields = (id: string, status: number | undefined) => defined({ id, status });
  expectTypeOf(fields).returns.toExtend<{ readonly id: string; readonly status?: number }>();
});

it('holds a name that objects have of their own as a field like any other', () => {
  const hostile: object = JSON.parse('{"__proto__": {"isAdmin": true}}');
  expect(Object.hasOwn(defined(hostile), '__proto__')).toBe(true);
});
