import { shortened } from './bounds.js';
import { camel } from './camel-case.js';
import { jsonInWords } from './json-in-words.js';
import type { SlotValue } from './wire-types.js';

/**
 * How the wire is read: in either spelling, and around what is missing or malformed. Functions of our own, because the dozen
 * of zod's that this needs weigh more in a page than all of them together.
 */

/** Why a value could not be read. A value, not an error that is thrown: a list may hold thousands of them. */
export class Unreadable {
  constructor(
    /** Where in the body: `slots.type`; empty for the whole. */
    readonly path: string,
    readonly message: string,
  ) {}
}

/** Reads a value that may be anything. @param path where it stands in the body */
export type Reader<Value> = (value: unknown, path?: string) => Value | Unreadable;

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

const unreadable = (expected: string, value: unknown, path = ''): Unreadable =>
  new Unreadable(path, `expected ${expected}, received ${typeOf(value)}`);

/** What a reader reads, as something else. */
export const mapped =
  <Before, After>(
    read: Reader<Before>,
    map: (value: Before, path?: string) => After | Unreadable,
  ): Reader<After> =>
  (value, path) => {
    const before = read(value, path);
    return before instanceof Unreadable ? before : map(before, path);
  };

/** Looks at what is there before a reader does. */
export const prepared =
  <Value>(prepare: (value: unknown) => unknown, read: Reader<Value>): Reader<Value> =>
  (value, path) =>
    read(prepare(value), path);

/** Only values that pass the test. */
export const that = <Value>(
  read: Reader<Value>,
  isFit: (value: Value) => boolean,
  expected: string,
): Reader<Value> =>
  mapped(read, (value, path = '') => (isFit(value) ? value : new Unreadable(path, `expected ${expected}`)));

const ofType =
  <Value>(is: (value: unknown) => value is Value, expected: string): Reader<Value> =>
  (value, path) =>
    is(value) ? value : unreadable(expected, value, path);

/** What the first of the readers reads that can. */
export const oneOf =
  <Value>(first: Reader<Value>, ...others: readonly Reader<Value>[]): Reader<Value> =>
  (value, path) => {
    const read = first(value, path);
    if (!(read instanceof Unreadable)) return read;
    for (const other of others) {
      const otherwise = other(value, path);
      if (!(otherwise instanceof Unreadable)) return otherwise;
    }
    return read;
  };

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the readers of an object's fields read. */
export type FieldsRead<Readers> = {
  readonly [Name in keyof Readers]: Readers[Name] extends Reader<infer Value>
    ? Exclude<Value, Unreadable>
    : never;
};

/** The fields of an object that have a reader; the others are ignored. */
export const objectOf =
  <Readers extends Readonly<Record<string, Reader<unknown>>>>(
    readers: Readers,
  ): Reader<FieldsRead<Readers>> =>
  (value, path = '') => {
    if (!isFields(value)) return unreadable('object', value, path);
    const fields: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(readers)) {
      const field = read(value[name], path === '' ? name : `${path}.${name}`);
      if (field instanceof Unreadable) return field;
      fields[name] = field;
    }
    // Each field is what its own reader has read, which an object that is filled in a loop cannot say.
    return fields as FieldsRead<Readers>;
  };

/** The keys of one object in camelCase, without nulls. Values stay as they are: a slot's value must not be respelled. */
export function spelled(value: unknown): unknown {
  if (!isFields(value)) return value;
  // A Map, because a key may be `__proto__`.
  const own = new Map<string, unknown>();
  const others = new Map<string, unknown>();
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null || entry === undefined) continue;
    const name = camel(key);
    (name === key ? own : others).set(name, entry);
  }
  return Object.fromEntries(others.size === 0 ? own : [...others, ...own]);
}

/** Uses the first of the names that is present as the field. */
export const named =
  (field: string, ...others: readonly string[]) =>
  (value: unknown): unknown => {
    const own = spelled(value);
    if (!isFields(own) || own[field] !== undefined) return own;
    const other = others.find((name) => own[name] !== undefined);
    return other === undefined ? own : { ...own, [field]: own[other] };
  };

/** Some servers wrap their replies. An object that has one of the fields itself is not a wrapper. */
export const unwrapped = (
  value: unknown,
  fields: readonly string[],
  wrappers: readonly string[],
): unknown => {
  if (!isFields(value) || Object.keys(value).some((key) => fields.includes(camel(key)))) return value;
  const wrapper = wrappers.find((name) => isFields(value[name]) || Array.isArray(value[name]));
  return wrapper === undefined ? value : value[wrapper];
};

const string = ofType((value): value is string => typeof value === 'string', 'string');
const finite = ofType((value): value is number => Number.isFinite(value), 'number');
export const boolean = ofType((value): value is boolean => typeof value === 'boolean', 'boolean');
export const fields = ofType(isFields, 'object');
export const list = ofType((value): value is readonly unknown[] => Array.isArray(value), 'array');

export const text: Reader<string> = oneOf(string, mapped(finite, String));
export const id = that(text, (value) => value !== '', 'text that is not empty');
/** An id that goes into a path: half of a character can be sent as JSON, but no URL can carry it. */
export const pathId = that(id, (value) => /^\P{Cs}+$/u.test(value), 'whole characters');
/** Text of at most so many characters. */
export const textUpTo = (most: number, read: Reader<string> = string): Reader<string> =>
  that(read, ({ length }) => length <= most, `at most ${most} characters`);
/** Text for show: what is too long is cut. */
export const shortText = (most: number): Reader<string> => mapped(text, (value) => shortened(value, most));
/** Anything for show: what is no text is written as JSON. */
export const inWords =
  (most: number): Reader<string> =>
  (value, path) =>
    value === undefined || value === null ? unreadable('a value', value, path) : jsonInWords(value, most);

/** The address of something that is fetched. Line ends and tabs are no part of it, as in any browser. */
export const httpUrl = that(
  mapped(string, (value) => value.trim().replace(/[\t\n\r]/g, '')),
  (url) => /^https?:\/\//i.test(url) && URL.canParse(url),
  'URL of http or https',
);

/** Deeper lists are rejected: they could overflow the stack of the parser. */
const MOST_DEPTH = 32;

const isPlainValue = (value: unknown, depth = 0): value is SlotValue =>
  Array.isArray(value)
    ? depth < MOST_DEPTH && value.every((entry) => isPlainValue(entry, depth + 1))
    : value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** JSON scalars and lists of them. */
export const plainValue = ofType((value): value is SlotValue => isPlainValue(value), 'plain value');
export const number: Reader<number> = oneOf(
  finite,
  that(
    mapped(
      that(string, (value) => /^\s*-?\d+(\.\d+)?\s*$/.test(value), 'number'),
      Number,
    ),
    Number.isFinite,
    'number',
  ),
);
export const version = that(number, Number.isSafeInteger, 'whole number');

/** Only the items that can be read: one that is malformed must not hide the others. */
export const readItems = <Value>(read: Reader<Value>, items: readonly unknown[]): Value[] =>
  items.flatMap((entry) => {
    const item = read(entry);
    return item instanceof Unreadable ? [] : [item];
  });

/** The same of a list, of which only the first `most` are looked at. */
export const readable = <Value>(read: Reader<Value>, most: number): Reader<Value[]> =>
  mapped(list, (items) => readItems(read, items.slice(0, most)));

/** Optional fields that are malformed are as good as missing: they are for show. */
export const lenient =
  <Value>(read: Reader<Value>) =>
  (value: unknown): Value | undefined => {
    const field = value === undefined ? undefined : read(value);
    return field instanceof Unreadable ? undefined : field;
  };

/** A value that is nested too deeply overflows the stack of the parser: it counts as missing. */
export function safely<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
