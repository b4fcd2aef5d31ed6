import { describe, expect, it } from 'vitest';
import { BOUNDS, fewErrors, fewFindings, shortened } from '../../../src/services/wire/bounds.js';
import { camel } from '../../../src/services/wire/camel-case.js';
import { issuesInWords, issueWords } from '../../../src/services/wire/issue-words.js';
import { itemVersionIn } from '../../../src/services/wire/item-version.js';
import { jsonInWords } from '../../../src/services/wire/json-in-words.js';
import { isFields, named, safely, spelled, unwrapped } from '../../../src/services/wire/lenient-zod.js';
import { looseJson } from '../../../src/services/wire/loose-json.js';

const listOf = (length: number) => Array.from({ length }, (_, at) => `f${at}`);

describe('what is cut says how much', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc… (1 more characters)'],
    ['😀bc', 1, '… (4 more characters)'],
    ['a', 0, '… (1 more characters)'],
  ])('%j to %i characters', (text, most, shown) => expect(shortened(text, most)).toBe(shown));

  it('of errors', () => {
    const errors = listOf(51).map((field) => ({ field, message: 'no' }));
    expect(fewErrors(errors.slice(0, 50))).toHaveLength(50);
    expect(fewErrors(errors)).toEqual([...errors.slice(0, 49), { field: '', message: 'and 2 more' }]);
    expect(fewErrors(errors.slice(0, 50), 80).at(-1)).toEqual({ field: '', message: 'and 31 more' });
  });

  it('of findings, each of which is cut too', () => {
    expect(fewFindings(listOf(50))).toEqual(listOf(50));
    expect(fewFindings(listOf(51))).toEqual([...listOf(49), 'and 2 more']);
    const long = 'x'.repeat(BOUNDS.description + 1);
    expect(fewFindings([long])).toEqual([shortened(long, BOUNDS.description)]);
  });
});

it.each([
  ['item_version', 'itemVersion'],
  ['item-version', 'itemVersion'],
  ['item__version', 'itemVersion'],
  ['step_2', 'step2'],
  ['itemVersion', 'itemVersion'],
  ['_x', 'X'],
  ['x_', 'x_'],
])('the key %s is %s in camelCase', (key, name) => expect(camel(key)).toBe(name));

describe('the item version of a body', () => {
  it.each([
    ['{"itemVersion":4}', 4],
    ['{"item_version":"4"}', 4],
    ['{"item-version": 0}', 0],
    ['{"ITEM_VERSION":4}', undefined],
    ['{"itemVersion":""}', undefined],
    ['{"itemVersion":" "}', undefined],
    ['{"itemVersion":"new"}', undefined],
    ['{"itemVersion":null}', undefined],
    ['{"itemVersion":1e999}', undefined],
    ['{"data":{"itemVersion":4}}', undefined],
    ['itemVersion', undefined],
    ['"itemVersion"', undefined],
    ['null /* itemVersion */', undefined],
    ['{"version":4}', undefined],
    [undefined, undefined],
  ])('%s is %s', (body, version) => expect(itemVersionIn(body)).toBe(version));
});

it('a body that is no JSON stays text', () => {
  expect(looseJson('{"a":1}')).toEqual({ a: 1 });
  expect(looseJson('<html>')).toBe('<html>');
});

describe('JSON in words', () => {
  it.each([
    ['text', 10, 'text'],
    ['a longer text', 4, 'a lo… (9 more characters)'],
    [7, 1, '7'],
    [12_345, 1, '12345'],
    [true, 1, 'true'],
    [null, 10, 'null'],
    [{ a: 'x'.repeat(110) }, 1_000, `{"a":"${'x'.repeat(110)}"}`],
    [{ a: 'x'.repeat(112) }, 1_000, `{"a":"${'x'.repeat(112)}"}`],
    [{ a: 'x'.repeat(113) }, 1_000, `{\n  "a": "${'x'.repeat(113)}"\n}`],
    [[1, [2], { a: null }], 100, '[1,[2],{"a":null}]'],
  ])('%j', (value, most, shown) => expect(jsonInWords(value, most)).toBe(shown));

  it.each([
    ['a list', Array(40).fill(1)],
    ['a list in a list', [Array(40).fill(1), 2]],
    ['an object', Object.fromEntries(listOf(40).map((name) => [name, 1]))],
    ['a list of long texts', ['x'.repeat(59), 'y']],
    ['an object of long texts', { a: 'x'.repeat(59), b: 'y' }],
    ['an object with a long name', { ['x'.repeat(70)]: 'y' }],
  ])('mark where the end of %s is left out', (_name, value) => {
    const words = jsonInWords(value, 60);
    expect(words.length).toBeLessThan(100);
    expect(words).toMatch(/…/);
    expect(jsonInWords(value, 10_000)).not.toMatch(/…/);
  });

  it('stay JSON where the end of a list is left out', () => {
    const ones = (length: number): unknown[] => Array(length).fill(1);
    const cut = (value: unknown): unknown => JSON.parse(jsonInWords(value, 60));
    expect(cut(ones(40))).toEqual([...ones(15), '…']);
    expect(cut([...ones(13), [2]])).toEqual([...ones(13), [2]]);
    expect(cut([...ones(14), [2]])).toEqual([...ones(14), '…']);
  });

  it('marks where it is too deep', () => {
    const deepObject = (depth: number): unknown =>
      Array.from({ length: depth }).reduce((a: unknown) => ({ a }), {});
    expect(jsonInWords(deepObject(39), 10_000)).not.toContain('…');
    expect(jsonInWords(deepObject(40), 10_000)).toContain('…');
    const deep = (depth: number): unknown =>
      Array.from({ length: depth }).reduce((inner: unknown) => [inner], []);
    expect(jsonInWords(deep(39), 10_000)).not.toContain('…');
    expect(jsonInWords(deep(40), 10_000)).toContain('…');
  });
});

describe('an issue', () => {
  it.each([
    [{ code: 'invalid_type', expected: 'string', input: null }, 'expected string, received null'],
    [{ code: 'invalid_type', expected: 'string', input: [] }, 'expected string, received array'],
    [{ code: 'invalid_type', expected: 'string', input: 7 }, 'expected string, received number'],
    [{ code: 'too_small', minimum: 3 }, 'expected at least 3'],
    [{ code: 'too_big', maximum: 3 }, 'expected at most 3'],
    [{ code: 'invalid_format', format: 'url' }, 'invalid url'],
    [{ code: 'custom' }, 'invalid value'],
    // Boundary: issues of zod have more fields than words need.
  ])('%j in words', (issue, words) => expect(issueWords(issue as never)).toBe(words));

  it('has its place, and only the first five are shown', () => {
    const issue = (path: PropertyKey[], message: string) => ({ code: 'custom', path, message }) as const;
    const all = [
      issue([], 'a'),
      issue(['slots', 0, 'type'], 'b'),
      ...['c', 'd', 'e', 'f'].map((at) => issue([at], at)),
    ];
    // Boundary: as above.
    expect(issuesInWords(all as never, 'body')).toBe('body: a; slots.0.type: b; c: c; d: d; e: e');
  });
});

describe('the spelling of an object', () => {
  it.each<[unknown, unknown]>([
    [
      { file_id: 1, other: 2 },
      { fileId: 1, other: 2 },
    ],
    [{ file_id: 1, fileId: 2 }, { fileId: 2 }],
    [{ fileId: 2, file_id: 1 }, { fileId: 2 }],
    [{ a: null, b: undefined, c_d: null }, {}],
    [{ a: { b_c: 1 } }, { a: { b_c: 1 } }],
    [['a_b'], ['a_b']],
    ['a_b', 'a_b'],
    [null, null],
  ])('%j is %j', (value, expected) => expect(spelled(value)).toStrictEqual(expected));

  it('takes the first of the names that is there', () => {
    const slotId = named('slotId', 'id', 'name');
    expect(slotId({ slot_id: 1, id: 2 })).toEqual({ slotId: 1, id: 2 });
    expect(slotId({ name: 3, id: 2 })).toEqual({ slotId: 2, name: 3, id: 2 });
    expect(slotId({ name: 3, id: null })).toEqual({ slotId: 3, name: 3 });
    expect(slotId({ other: 1 })).toStrictEqual({ other: 1 });
    expect(slotId('text')).toBe('text');
  });

  it.each<[unknown, unknown]>([
    [{ data: { id: 1 } }, { id: 1 }],
    [{ data: [1] }, [1]],
    [{ job: { id: 2 }, data: { id: 1 } }, { id: 2 }],
    [{ job: 'x', data: { id: 1 } }, { id: 1 }],
    [
      { job_id: 1, data: { id: 2 } },
      { job_id: 1, data: { id: 2 } },
    ],
    [{ data: 'x' }, { data: 'x' }],
    [[{ data: {} }], [{ data: {} }]],
    ['x', 'x'],
  ])('%j is unwrapped to %j', (value, expected) => {
    expect(unwrapped(value, ['jobId'], ['job', 'data'])).toEqual(expected);
  });

  it('is only that of an object', () => {
    expect([{}, [], null, 'x', undefined].map(isFields)).toEqual([true, false, false, false, false]);
  });

  it('counts as missing where reading it throws', () => {
    expect(safely(() => 1)).toBe(1);
    expect(safely(() => JSON.parse('{'))).toBeUndefined();
  });
});
