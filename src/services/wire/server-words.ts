import { defined } from '../defined.js';
import type { FieldError } from '../failure.js';
import { BOUNDS, fewErrors } from './bounds.js';

/** The message of a server about an error, whatever its body looks like. */
export interface ServerWords {
  readonly error?: string;
  readonly message?: string;
  readonly fieldErrors: readonly FieldError[];
}

const LONGEST = 300;
/** An error page may be of any size; its beginning is enough. */
const LONGEST_READ = 16_384;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One safe line: no markup, no control characters, limited length. */
export function plainWords(text: string): string {
  const bare = text
    .slice(0, LONGEST_READ)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    // As Unicode classes, because biome flags literal control characters: C0, DEL, C1, bidi marks, and lone surrogates.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return bare.length > LONGEST ? `${bare.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…` : bare;
}

/** Deeper nesting of errors is not intended by any server. */
const DEEPEST = 6;
/** A list of errors may be of any length: only these are read, and the number of the others is reported. */
const MOST_ERRORS = 50;

function textOf(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return plainWords(value) || undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value) || depth >= DEEPEST) return undefined;
  const inner = value.message ?? value.error ?? value.msg ?? value.detail ?? value.code;
  return textOf(inner, depth + 1);
}

const FIELD_KEYS = ['field', 'slotId', 'slot_id', 'path', 'loc', 'param', 'pointer', 'name', 'source'];
const MESSAGE_KEYS = ['message', 'msg', 'error', 'detail', 'reason', 'description', 'code'];
/** `['body', 'slots', 0, 'value']`: entries that are neither names nor indexes are skipped. */
const isStep = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

function fieldOf(entry: Readonly<Record<string, unknown>>, depth = 0): string {
  if (depth >= DEEPEST) return '';
  for (const key of FIELD_KEYS) {
    const value = entry[key];
    if (Array.isArray(value)) return plainWords(value.slice(0, MOST_ERRORS).filter(isStep).join('.'));
    if (typeof value === 'string' && value !== '') return plainWords(value);
    if (isObject(value)) return fieldOf(value, depth + 1);
  }
  return '';
}

function fieldError(entry: unknown): FieldError {
  if (!isObject(entry)) return { field: '', message: textOf(entry) ?? 'not valid' };
  const message = MESSAGE_KEYS.map((key) => textOf(entry[key])).find((text) => text !== undefined);
  return { field: fieldOf(entry), message: message ?? 'not valid' };
}

/**
 * The `errors` of a 422: a list in any common shape, or a map from field to message. The last entry counts those that were
 * omitted.
 */
export function fieldErrorsOf(errors: unknown): FieldError[] {
  const few = <Entry>(list: readonly Entry[]): readonly Entry[] => list.slice(0, BOUNDS.listed);
  if (Array.isArray(errors)) return [...fewErrors(few(errors).map(fieldError), errors.length)];
  if (!isObject(errors)) return [];
  const fields = Object.entries(errors);
  const listed = few(fields).flatMap(([field, value]) =>
    few(Array.isArray(value) ? value : [value]).map((entry) => ({
      field: plainWords(field),
      message: textOf(entry) ?? 'not valid',
    })),
  );
  return [...fewErrors(listed, Math.max(fields.length, listed.length))];
}

/** Reads the error shape of the reference (`error`, `message`, `errors`), or extracts a message from HTML and plain text. */
export function serverWords(body: unknown): ServerWords {
  if (typeof body === 'string') {
    const message = plainWords(body);
    return { fieldErrors: [], ...(message === '' ? {} : { message }) };
  }
  if (!isObject(body)) return { fieldErrors: [] };
  const nested = isObject(body.error) ? body.error : {};
  const error = typeof body.error === 'string' ? textOf(body.error) : textOf(nested.code ?? nested.type);
  const message = textOf(
    body.message ??
      nested.message ??
      (typeof body.detail === 'string' ? body.detail : undefined) ??
      body.title,
  );
  const errors =
    body.errors ?? nested.errors ?? body.details ?? (Array.isArray(body.detail) ? body.detail : undefined);
  return {
    fieldErrors: fieldErrorsOf(errors),
    ...defined({ error, message }),
  };
}
