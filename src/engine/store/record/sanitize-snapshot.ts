import { withoutUrlSecrets } from '../../../services/redaction/redact-found.js';
import { createRedactor, type Redactor } from '../../../services/redaction/redactor.js';
import { redactUrl } from '../../../services/redaction/url-secrets.js';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface SanitizeOptions {
  /** The key to redact, in every spelling. */
  readonly apiKey?: string | undefined;
}

/** Fields with values typed by a person or a host: they are sent unchanged later, so they are kept unchanged. */
const TYPED_VALUES = new Set(['slots', 'answers', 'values', 'value', 'ours', 'theirs']);

/**
 * A persisted snapshot (or an input) in a form that may be stored: plain JSON without usable pre-signed URLs. `download.url`
 * becomes empty. Any other http(s) URL with a query or a user keeps only its origin and, if plain, its file name. In longer
 * texts, queries, users and tokens are removed from URLs. Typed slot values are unchanged, except that the key is removed
 * everywhere: its occurrence must not prevent the job from being stored.
 */
export function sanitizeSnapshot(snapshot: unknown, options: SanitizeOptions = {}): JsonValue {
  const clean = sanitize(snapshot, false) ?? null;
  return options.apiKey === undefined ? clean : redactorOf(options.apiKey).value(clean);
}

let latest: { readonly apiKey: string; readonly redactor: Redactor } | undefined;

/** Every write passes through here, usually with the same key as the last. */
function redactorOf(apiKey: string): Redactor {
  if (latest?.apiKey !== apiKey) latest = { apiKey, redactor: createRedactor([apiKey]) };
  return latest.redactor;
}

function sanitize(value: unknown, typed: boolean): JsonValue | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return typed ? value : withoutSignature(value);
  if (Array.isArray(value)) return sanitizeItems(value, typed);
  if (hasToJson(value)) return sanitize(value.toJSON(), typed);
  return typeof value === 'object' ? sanitizeObject(value, typed) : undefined;
}

function sanitizeItems(items: readonly unknown[], typed: boolean): JsonValue {
  const clean = items.map((item) => sanitize(item, typed) ?? null);
  // Boundary: each item is the same JSON value.
  return clean.every((item, at) => item === items[at]) ? (items as readonly JsonValue[]) : clean;
}

type Fields = Record<string, JsonValue>;

const isPlainObject = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

function sanitizeObject(value: object, typed: boolean): JsonValue {
  // Most objects are as they may be stored: a copy of each was half of the garbage of a write.
  let kept: Fields | undefined = isPlainObject(value) ? undefined : {};
  const keys = Object.keys(value);
  for (const key of keys) {
    const item: unknown = Reflect.get(value, key);
    const clean =
      key === 'download' && !typed ? sanitizeDownload(item) : sanitize(item, typed || TYPED_VALUES.has(key));
    if (kept === undefined && clean !== undefined && clean === item) continue;
    kept ??= fieldsBefore(value, keys, key);
    if (clean !== undefined) setField(kept, key, clean);
  }
  // Boundary: each field is the same JSON value.
  return kept ?? (value as Fields);
}

function fieldsBefore(value: object, keys: readonly string[], end: string): Fields {
  const kept: Fields = {};
  for (const key of keys) {
    if (key === end) break;
    setField(kept, key, Reflect.get(value, key));
  }
  return kept;
}

/** An assignment to `__proto__` would not add a field. */
function setField(fields: Fields, key: string, value: JsonValue): void {
  if (key === '__proto__') Object.defineProperty(fields, key, { ...OWN, value });
  else fields[key] = value;
}

const OWN = { enumerable: true, configurable: true, writable: true };

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  );
}

function sanitizeDownload(item: unknown): JsonValue | undefined {
  if (typeof item !== 'object' || item === null || !('url' in item)) return sanitize(item, false);
  return sanitize({ ...item, url: '' }, false);
}

function withoutSignature(text: string): string {
  if (!text.includes('://')) return text;
  const url = asUrl(text);
  if (url && (url.search || url.username || url.password)) return redactUrl(text);
  return withoutUrlSecrets(text);
}

function asUrl(text: string): URL | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}
