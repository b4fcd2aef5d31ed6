import type { Json } from './inspection-message.js';

/** What may be shown besides states, events and numbers. */
export interface Permission {
  /** Show slot values. Default: only slot ids. */
  readonly slotValues?: boolean | undefined;
}

type Unknown = { readonly [key: string]: unknown };

export const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null;

/** The fields of an unknown value. */
export const fieldsOf = (value: unknown): Unknown => (isRecord(value) ? value : {});

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const NAME = /^[\w.:-]{1,200}$/;
const WORD = /^[a-z][a-z-]{0,39}$/i;

/** Names, not free text: an id or a type, without spaces, slashes or queries. */
export const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && NAME.test(value) ? value : undefined;

/** One of our own words, such as a failure's kind. */
export const wordIn = (value: unknown): string | undefined =>
  typeof value === 'string' && WORD.test(value) ? value : undefined;

export const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

export const flagIn = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

const MAX_DEPTH = 6;

/** A slot's value as typed, for those who asked to see it. */
export function plainJson(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (depth >= MAX_DEPTH || !isRecord(value)) return null;
  if (Array.isArray(value)) return value.map((item) => plainJson(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item, depth + 1)]));
}
