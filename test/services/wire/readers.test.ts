import { describe, expect, it } from 'vitest';
import {
  httpUrl,
  id,
  lenient,
  number,
  objectOf,
  oneOf,
  Unreadable,
  version,
} from '../../../src/services/wire/readers.js';
import { downloadSchema, statusSchema, uploadSchema } from '../../../src/services/wire/schemas.js';

describe('what cannot be read says where it stands and what was expected', () => {
  it.each([
    ['a body that is no object', uploadSchema, 'ok', '', 'expected object, received string'],
    ['a missing field', uploadSchema, {}, 'fileId', 'expected string, received undefined'],
    ['an empty id', uploadSchema, { file_id: '' }, 'fileId', 'expected text that is not empty'],
    ['a list for a status', statusSchema, [], '', 'expected object, received array'],
    ['a script for a URL', downloadSchema, { url: 'javascript:0' }, 'url', 'expected URL of http or https'],
  ])('%s', (_name, read, value, path, message) => {
    expect(read(value)).toEqual(new Unreadable(path, message));
  });

  it('a field within a field has both names', () => {
    const read = objectOf({ job: objectOf({ id }) });
    expect(read({ job: { id: [] } })).toEqual(new Unreadable('job.id', 'expected string, received array'));
  });
});

describe('numbers', () => {
  it.each([
    [5, 5],
    ['5', 5],
    [' -1.5 ', -1.5],
    ['0x10', undefined],
    ['', undefined],
    [true, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['9'.repeat(400), undefined],
  ])('%j is read as %j', (value, expected) => {
    expect(lenient(number)(value)).toBe(expected);
  });

  it.each([
    [7, 7],
    ['7', 7],
    [7.5, undefined],
    [2 ** 53, undefined],
  ])('the version %j is read as %j', (value, expected) => {
    expect(lenient(version)(value)).toBe(expected);
  });
});

describe('addresses', () => {
  it.each([
    [' https://s/a\tb\n', 'https://s/ab'],
    ['HTTP://S/x', 'HTTP://S/x'],
    ['https:/s', undefined],
    ['http://', undefined],
    ['file:///etc/passwd', undefined],
  ])('%j is read as %j', (value, expected) => {
    expect(lenient(httpUrl)(value)).toBe(expected);
  });
});

it('of several readers, the first that can read a value does', () => {
  const read = oneOf<string | number>(number, id);
  expect([read('5'), read('x'), read('')]).toEqual([5, 'x', expect.any(Unreadable)]);
});
