import { z } from 'zod';
import { shortened } from './bounds.js';
import { camel } from './camel-case.js';
import { jsonInWords } from './json-in-words.js';
import type { SlotValue } from './wire-types.js';

/** How the wire is read: in either spelling, and around what is missing or malformed. */

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One object's own keys in camelCase, without its nulls. Its values are left as they are: a slot's value is not ours to spell. */
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

/** Takes the first name that is there as the field's own. */
export const named =
  (field: string, ...others: readonly string[]) =>
  (value: unknown): unknown => {
    const own = spelled(value);
    if (!isFields(own) || own[field] !== undefined) return own;
    const other = others.find((name) => own[name] !== undefined);
    return other === undefined ? own : { ...own, [field]: own[other] };
  };

/** Some servers wrap what they send; what already holds one of the fields is no wrapper, whatever else it carries. */
export const unwrapped = (
  value: unknown,
  fields: readonly string[],
  wrappers: readonly string[],
): unknown => {
  if (!isFields(value) || Object.keys(value).some((key) => fields.includes(camel(key)))) return value;
  const wrapper = wrappers.find((name) => isFields(value[name]) || Array.isArray(value[name]));
  return wrapper === undefined ? value : value[wrapper];
};

export const text = z.union([z.string(), z.number().transform(String)]);
export const id = text.pipe(z.string().min(1));
/** An id that goes into a path: half of a character can be sent as JSON, but no URL can carry it. */
export const pathId = id.pipe(z.string().regex(/^\P{Cs}+$/u));
/** Text for show: what is too long is cut. */
export const shortText = (most: number) => text.transform((value) => shortened(value, most));
/** Anything for show: what is no text is written as JSON. */
export const inWords = (most: number) =>
  z
    .unknown()
    .refine((value) => value !== undefined && value !== null)
    .transform((value) => jsonInWords(value, most));

/** Deeper lists than this are no value: they would only overflow the stack of their reader. */
const MOST_DEPTH = 32;

const isPlainValue = (value: unknown, depth = 0): value is SlotValue =>
  Array.isArray(value)
    ? depth < MOST_DEPTH && value.every((entry) => isPlainValue(entry, depth + 1))
    : value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** JSON scalars and lists of them. */
export const plainValue = z.custom<SlotValue>((value) => isPlainValue(value));
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*$/)
    .transform(Number),
]);
export const version = number.pipe(z.number().int());

/** Only the items that can be read, the first `most` of the list: one that is malformed must not hide the others. */
export const readable = <Value>(item: z.ZodType<Value>, most = Number.POSITIVE_INFINITY) =>
  z.array(z.unknown()).transform((items): Value[] =>
    items.slice(0, most).flatMap((entry) => {
      const parsed = item.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** Optional fields that are malformed are as good as missing: they are for show. */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** A value that is nested beyond measure ends the stack of its reader: it is as good as missing. */
export function safely<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
