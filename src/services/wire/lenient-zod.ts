import { z } from 'zod';
import { shortened } from './bounds.js';
import { camel } from './camel-case.js';
import { jsonInWords } from './json-in-words.js';
import type { SlotValue } from './wire-types.js';

/** How the wire is read: in both spellings, tolerating missing and malformed fields. */

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

export const text = z.union([z.string(), z.number().transform(String)]);
export const id = text.pipe(z.string().min(1));
/** An id for a path: JSON can contain a lone surrogate, but a URL cannot. */
export const pathId = id.pipe(z.string().regex(/^\P{Cs}+$/u));
/** Text for display; long text is cut. */
export const shortText = (most: number) => text.transform((value) => shortened(value, most));
/** Anything for display; what is not text is written as JSON. */
export const inWords = (most: number) =>
  z
    .unknown()
    .refine((value) => value !== undefined && value !== null)
    .transform((value) => jsonInWords(value, most));

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
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*$/)
    .transform(Number),
]);
export const version = number.pipe(z.number().int());

/** The readable items among the first `most`: one malformed item must not hide the others. */
export const readable = <Value>(item: z.ZodType<Value>, most = Number.POSITIVE_INFINITY) =>
  z.array(z.unknown()).transform((items): Value[] =>
    items.slice(0, most).flatMap((entry) => {
      const parsed = item.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** A malformed optional field counts as missing: it is only for display. */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** A value that is nested too deeply overflows the stack of the parser: it counts as missing. */
export function safely<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
