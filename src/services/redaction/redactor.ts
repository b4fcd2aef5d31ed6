import { decodedLayers } from './decoded-layers.js';
import { redactedJson } from './redacted-json.js';
import { redactedValue } from './redacted-value.js';
import { type FindPieces, findPieces } from './secret-pieces.js';
import { findLoneKey, findShortKey } from './short-key.js';
import { blotted } from './spans.js';
import { findUrlSecrets } from './url-secrets.js';

/** Takes secrets out of what was said, in each of their spellings: escaped, encoded, in base64, cut. */
export interface Redactor {
  /** Of a text that is for people: pieces of a secret, and what opens something behind a URL, too. Before anything is cut off it. */
  shown(text: string): string;
  /** Of a text that something depends on, an id or a URL: only what is most of a secret. */
  kept(text: string): string;
  /** Of the text of a success: what is for people is redacted as such by the names of its fields, and the rest kept. */
  reply(body: string): string;
  /** Of the text of a refusal: all of it is for people. */
  refusal(body: string): string;
  /** Of anything that is logged, stored or told: a copy, or the same where there is nothing to take out. */
  value<Value>(value: Value): Value;
  /** The same of plain JSON, of which there is much and in which there is nothing most often: looked through as one text first. */
  told<Value>(value: Value): Value;
}

/** A shorter secret could be a word of any text, or a part of many. */
export const SHORTEST_SECRET = 8;

function createRedact(finders: readonly FindPieces[]): (text: string) => string {
  return (text) => {
    const spans = decodedLayers(text).flatMap(({ text: layer, origin, isJoined }) =>
      finders
        // Where a URL ends is told by the line.
        .filter((find) => !isJoined || find !== findUrlSecrets)
        .flatMap((find) => find(layer).map(origin)),
    );
    return blotted(text, spans);
  };
}

/** Most of a secret: less may be in an id by chance, or because both begin with the same words. */
const mostOf = ({ length }: string): number => Math.min(length, Math.max(12, Math.ceil(length * 0.6)));

/** A redactor of these secrets; the empty one is none. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const long = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const short = secrets.filter(({ length }) => length > 0 && length < SHORTEST_SECRET);
  const shortKeys = short.map(findShortKey);
  const kept = createRedact([findPieces(long, mostOf), ...shortKeys]);
  const shown = createRedact([
    findPieces(long, () => SHORTEST_SECRET),
    ...shortKeys,
    ...short.map(findLoneKey),
    findUrlSecrets,
  ]);
  // A body in which nothing is found as a whole holds nothing in its parts either; most are such.
  const isClean = (body: string): boolean => shown(body) === body && !short.some((key) => body.includes(key));
  return {
    shown,
    kept,
    reply: (body) => (isClean(body) ? body : redactedJson(body, { shown, kept, isAllShown: false })),
    refusal: (body) => (isClean(body) ? body : redactedJson(body, { shown, kept, isAllShown: true })),
    value: (value) => redactedValue(value, { shown, kept }),
    told: (value) => (isClean(JSON.stringify(value)) ? value : redactedValue(value, { shown, kept })),
  };
}

const NONE = createRedactor([]);

/** A text for people without the secrets of URLs, where no other secret is known. */
export const withoutUrlSecrets = NONE.shown;
