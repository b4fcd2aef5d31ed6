import type { FindPieces } from './secret-pieces.js';
import type { Span } from './spans.js';

const escaped = (text: string): string => text.replace(/[^A-Za-z0-9]/g, (letter) => `\\${letter}`);

/** After one of these words a key follows. */
const INTRODUCED = '\\b(?:bearer|basic|api[-_ ]?key|key|token|secret|authorization)[\\s:="\'`(]+';
const END = '(?![A-Za-z0-9_-])';
const START = '(?<![A-Za-z0-9_-])';

/** Neither a word nor a number, so it can only be the key. */
const isUnmistakable = (key: string): boolean =>
  key.length >= 4 && !/^\d+$/.test(key) && !/^[A-Z]?[a-z]+$/.test(key);

const unpadded = (text: string): string => btoa(text).replace(/=+$/, '');

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map(({ 0: found, 1: before = '', index }) => ({
    from: index + before.length,
    to: index + found.length,
  }));
}

/**
 * Finds a key that could be an ordinary word or part of one. Only positions where a key is expected count: after `Bearer` and
 * similar words, and alone. So the key is not shown, and ordinary text is not redacted.
 */
export function findShortKey(key: string): FindPieces {
  const bearer = escaped(unpadded(`Bearer ${key}`));
  const patterns = [
    new RegExp(`(${INTRODUCED})${escaped(key)}${END}`, 'gi'),
    new RegExp(`(${START})${bearer}=*${END}`, 'g'),
  ];
  if (isUnmistakable(key)) patterns.push(new RegExp(`(${START})${escaped(key)}${END}`, 'g'));
  return (text) => patterns.flatMap((pattern) => spansOf(text, pattern));
}

/** Finds a key that is the whole text. */
export const findLoneKey =
  (key: string): FindPieces =>
  (text) => {
    const from = text.indexOf(key);
    return from >= 0 && text.trim() === key ? [{ from, to: from + key.length }] : [];
  };
