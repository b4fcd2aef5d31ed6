import * as z from 'zod/mini';
import { shortened } from './bounds.js';
import { camel } from './camel-case.js';
import { jsonInWords } from './json-in-words.js';
import type { SlotValue } from './wire-types.js';

/**
 * How the wire is read: in either spelling, and around what is missing or malformed. With `zod/mini`, for a page loads it: what it lacks in
 * methods is written as functions here.
 */

/** What a schema reads, as something else. */
export const mapped = <Schema extends z.core.$ZodType, Value>(
  schema: Schema,
  map: (value: z.core.output<Schema>, issues: z.core.ParsePayload) => Value,
) => z.pipe(schema, z.transform(map));

/** Looks at what is there before a schema does. */
export const prepared = <Schema extends z.core.$ZodType>(
  prepare: (value: unknown) => unknown,
  schema: Schema,
) => z.pipe(z.transform(prepare), schema);

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

/** A check in words of our own. Each kind of check that zod has would bring a class, and all that classes of checks share. */
export const must = <Value>(isFit: (value: Value) => boolean, expected: string) =>
  z.refine<Value>(isFit, { error: `expected ${expected}` });

/** Text of at most so many characters. */
export const textUpTo = (most: number) =>
  z.string().check(must(({ length }) => length <= most, `at most ${most} characters`));

export const text = z.union([z.string(), mapped(z.number(), String)]);
export const id = z.pipe(text, z.string().check(must((value) => value !== '', 'text that is not empty')));
/** An id that goes into a path: half of a character can be sent as JSON, but no URL can carry it. */
export const pathId = z.pipe(
  id,
  z.string().check(must((value) => /^\P{Cs}+$/u.test(value), 'whole characters')),
);
/** The address of something that is fetched. Line ends and tabs are no part of it, as in any browser. */
export const httpUrl = z.pipe(
  mapped(z.string(), (value) => value.trim().replace(/[\t\n\r]/g, '')),
  z.string().check(must((url) => /^https?:\/\//i.test(url) && URL.canParse(url), 'URL of http or https')),
);
/** Text for show: what is too long is cut. */
export const shortText = (most: number) => mapped(text, (value) => shortened(value, most));
/** Anything that is there, for show: what is no text is written as JSON. */
export const inWords = (most: number) => mapped(z.unknown(), (value) => jsonInWords(value, most));

/** Deeper lists are rejected: they could overflow the stack of the parser. */
const MOST_DEPTH = 32;

const isPlainValue = (value: unknown, depth = 0): value is SlotValue =>
  Array.isArray(value)
    ? depth < MOST_DEPTH && value.every((entry) => isPlainValue(entry, depth + 1))
    : value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** JSON scalars and lists of them. */
export const plainValue = z.custom<SlotValue>((value) => isPlainValue(value));
export const number = z.union([
  z.number(),
  mapped(z.string().check(must((value) => /^\s*-?\d+(\.\d+)?\s*$/.test(value), 'number')), Number),
]);
export const version = z.pipe(number, z.number().check(must(Number.isSafeInteger, 'whole number')));

/** Only the items that can be read, the first `most` of the list: one that is malformed must not hide the others. */
export const readable = <Value>(item: z.ZodMiniType<Value>, most = Number.POSITIVE_INFINITY) =>
  mapped(z.array(z.unknown()), (items): Value[] =>
    items.slice(0, most).flatMap((entry) => {
      const parsed = item.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** Optional fields that are malformed are as good as missing: they are for show. (`z.catch` brings half of zod with it.) */
export const lenient = <Schema extends z.core.$ZodType>(schema: Schema) =>
  mapped(z.optional(z.unknown()), (value): z.core.output<Schema> | undefined =>
    value === undefined ? undefined : z.safeParse(schema, value).data,
  );

/** A value that is nested too deeply overflows the stack of the parser: it counts as missing. */
export function safely<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
