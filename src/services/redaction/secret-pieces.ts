import { readingsOf } from './decoded-layers.js';
import { mergedSpans, type Span } from './spans.js';

/** Finds fragments of secrets in a text. */
export type FindPieces = (text: string) => readonly Span[];

/** All substrings of one length, and the characters that occur in them. */
interface Grams {
  readonly length: number;
  readonly texts: Set<string>;
  readonly characters: Set<number>;
}

/** Words that are not secret, although a key may start with them. */
const PUBLIC_WORDS = new Set(
  'convilyn goal-lane workflow workflows emulator production development document documents internal external'.split(
    ' ',
  ),
);

const isPublic = (text: string): boolean => PUBLIC_WORDS.has(text.replace(/^[_-]+|[_-]+$/g, ''));

/** URLs have lower-case host names, headers may not. Keeps the length, which `toLowerCase` does not guarantee. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (found) => found.toLowerCase());
}

function addGrams(to: Map<number, Grams>, text: string, length: number): void {
  const grams = to.get(length) ?? { length, texts: new Set(), characters: new Set() };
  to.set(length, grams);
  const lower = lowered(text);
  for (let at = 0; at + length <= lower.length; at += 1) grams.texts.add(lower.slice(at, at + length));
  for (let at = 0; at < lower.length; at += 1) grams.characters.add(lower.charCodeAt(at));
}

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

/**
 * The base64 forms of a text inside a longer one: for each of the three alignments, without the characters that depend on what comes
 * before, and with the end and the padding that it has if nothing follows.
 */
function base64Cores(text: string): string[] {
  if (!/^[\0-\x7f]+$/.test(text)) return [];
  return [0, 1, 2].flatMap((offset) => {
    const whole = btoa('\0'.repeat(offset) + text);
    const core = whole.slice(Math.ceil((offset * 8) / 6));
    return [core, urlSafe(core)];
  });
}

/** Two digits for each byte, as logs and dumps of binary data write it. */
const inHex = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function* spansIn(text: string, { length, texts, characters }: Grams): Generator<Span> {
  let at = 0;
  while (at + length <= text.length) {
    // A character that occurs in no secret excludes every substring that contains it.
    if (!characters.has(text.charCodeAt(at + length - 1))) at += length;
    else {
      if (texts.has(text.slice(at, at + length))) yield { from: at, to: at + length };
      at += 1;
    }
  }
}

function gramsOf(secrets: readonly string[], shortest: (secret: string) => number): readonly Grams[] {
  const grams = new Map<number, Grams>();
  for (const secret of new Set(secrets)) {
    for (const reading of readingsOf(secret)) {
      const length = Math.min(reading.length, shortest(secret));
      if (length >= 4) addGrams(grams, reading, length);
    }
    const inBase64 = Math.floor((shortest(secret) * 8 - 5) / 6);
    for (const core of base64Cores(secret)) addGrams(grams, core, Math.min(core.length, inBase64));
    addGrams(grams, inHex(secret), Math.min(secret.length, shortest(secret)) * 2);
  }
  return [...grams.values()];
}

/** Finds every substring of a secret with at least `shortest` characters, plain, in base64 or in hex. */
export function findPieces(secrets: readonly string[], shortest: (secret: string) => number): FindPieces {
  // Built on first use, because most redactors are created for a failure that never happens.
  let grams: readonly Grams[] | undefined;
  return (text) => {
    grams ??= gramsOf(secrets, shortest);
    if (grams.length === 0) return [];
    const lower = lowered(text);
    const spans = mergedSpans(grams.flatMap((one) => [...spansIn(lower, one)]));
    return spans.filter(({ from, to }) => to - from > 16 || !isPublic(lower.slice(from, to)));
  };
}
