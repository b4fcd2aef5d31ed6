import { StoreError } from '../store-error.js';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface SanitizeOptions {
  /** The key that must not occur. One shorter than 8 characters is not looked for: it would be found in any file name. */
  readonly apiKey?: string;
}

/** Under these keys stands what a person or a host typed: it is sent as it is later, so it is kept as it is. */
const TYPED_VALUES = new Set(['slots', 'answers', 'values', 'value', 'ours', 'theirs']);

/** Query parameters that make a URL a secret, of the storage services in use (S3, GCS, Azure, CloudFront). */
const SIGNED = /[?&](?:x-amz-|x-goog-|signature=|sig=|token=|key-pair-id=|awsaccesskeyid=|googleaccessid=)/i;

const URL_IN_TEXT = /https?:\/\/[^\s"'<>\\]+/gi;
const SHORTEST_KEY = 8;

/**
 * A persisted snapshot (or an input) as it may be stored: plain JSON in which no pre-signed URL is usable.
 * A `download.url` becomes empty; any other string that is an http(s) URL with a query keeps origin and path; within a longer
 * text the same is done to URLs that are signed. What a person typed into slots is left alone.
 * @throws StoreError `secret` if the API key occurs anywhere.
 */
export function sanitizeSnapshot(snapshot: unknown, options: SanitizeOptions = {}): JsonValue {
  const clean = sanitize(snapshot, false) ?? null;
  refuseKey(clean, options.apiKey);
  return clean;
}

function sanitize(value: unknown, typed: boolean): JsonValue | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return typed ? value : withoutSignature(value);
  if (Array.isArray(value)) return value.map((item: unknown) => sanitize(item, typed) ?? null);
  if (hasToJson(value)) return sanitize(value.toJSON(), typed);
  return typeof value === 'object' ? sanitizeObject(value, typed) : undefined;
}

function sanitizeObject(value: object, typed: boolean): JsonValue {
  const kept: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) {
    const clean =
      key === 'download' && !typed ? sanitizeDownload(item) : sanitize(item, typed || TYPED_VALUES.has(key));
    if (clean !== undefined) kept.push([key, clean]);
  }
  return Object.fromEntries(kept);
}

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
  if (url) return url.search || url.username || url.password ? url.origin + url.pathname : text;
  return text.replace(URL_IN_TEXT, (found) => (SIGNED.test(found) ? (found.split('?')[0] ?? '') : found));
}

function asUrl(text: string): URL | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}

function refuseKey(clean: JsonValue, apiKey: string | undefined): void {
  if (apiKey === undefined || apiKey.length < SHORTEST_KEY) return;
  const text = JSON.stringify(clean);
  const spellings = [JSON.stringify(apiKey).slice(1, -1), encodeURIComponent(apiKey)];
  if (spellings.some((spelling) => text.includes(spelling))) {
    throw new StoreError('secret', 'The API key occurs in what was to be stored.');
  }
}
