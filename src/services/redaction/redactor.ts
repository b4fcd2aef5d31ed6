import { redactFound } from './redact-found.js';
import { redactedJson } from './redacted-json.js';
import { redactedValue } from './redacted-value.js';
import { findPieces } from './secret-pieces.js';
import { findLoneKey, findShortKey } from './short-key.js';
import { findUrlSecrets } from './url-secrets.js';

/** Removes secrets from texts in any spelling: escaped, encoded, in base64, truncated. */
export interface Redactor {
  /** For a text that people read: removes fragments of secrets, and the secret parts of URLs. Call it before cutting the text. */
  shown(text: string): string;
  /** For a text that a program uses, an id or a URL: removes only large parts of a secret. */
  kept(text: string): string;
  /** For the body of a success: fields for people are treated like `shown`, the rest like `kept`. */
  reply(body: string): string;
  /** For the body of a refusal: everything is treated like `shown`. */
  refusal(body: string): string;
  /** For anything that is logged, stored or emitted: a redacted copy, or the same object if it contains no secret. */
  value<Value>(value: Value): Value;
  /** Like `value`, for frequent plain JSON that rarely contains secrets: checks it as one text first. */
  plainJson<Value>(value: Value): Value;
}

/** A shorter secret could be an ordinary word or part of one. */
export const SHORTEST_SECRET = 8;

/** Most of a secret: a shorter part may be in an id by chance, or because both start with the same words. */
const mostOf = ({ length }: string): number => Math.min(length, Math.max(12, Math.ceil(length * 0.6)));

/** A redactor of these secrets; an empty string is ignored. */
export function createRedactor(secrets: readonly string[]): Redactor {
  // Copied, because `filter` leaves room for 17.
  const long = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).slice();
  const short = secrets.filter(({ length }) => length > 0 && length < SHORTEST_SECRET);
  const shortKeys = short.map(findShortKey);
  const kept = redactFound([findPieces(long, mostOf), ...shortKeys]);
  const shown = redactFound([
    findPieces(long, () => SHORTEST_SECRET),
    ...shortKeys,
    ...short.map(findLoneKey),
    findUrlSecrets,
  ]);
  // If the whole body contains nothing to redact, its parts do not either; most bodies are like this.
  const isClean = (body: string): boolean => shown(body) === body && !short.some((key) => body.includes(key));
  return {
    shown,
    kept,
    reply: (body) => (isClean(body) ? body : redactedJson(body, { shown, kept, isAllShown: false })),
    refusal: (body) => (isClean(body) ? body : redactedJson(body, { shown, kept, isAllShown: true })),
    value: (value) => redactedValue(value, { shown, kept }),
    plainJson: (value) => (isClean(JSON.stringify(value)) ? value : redactedValue(value, { shown, kept })),
  };
}
