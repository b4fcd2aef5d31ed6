import type { FindPieces } from './secret-pieces.js';
import type { Span } from './spans.js';

const escaped = (text: string): string => text.replace(/[^A-Za-z0-9]/g, (letter) => `\\${letter}`);

/** Behind one of these words a key stands, not a word. */
const INTRODUCED = '\\b(?:bearer|basic|api[-_ ]?key|key|token|secret|authorization)[\\s:="\'`(]+';
const END = '(?![A-Za-z0-9_-])';
const START = '(?<![A-Za-z0-9_-])';

/** No word and no number: it stands for nothing else. */
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
 * A key that could be a word of any text, or a part of many. It is looked for where a key would stand: behind `Bearer` and its kind,
 * and alone; so neither is it shown as a key, nor does every `e` become a blot.
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

/** Where nothing but the key was said. */
export const findLoneKey =
  (key: string): FindPieces =>
  (text) => {
    const from = text.indexOf(key);
    return from >= 0 && text.trim() === key ? [{ from, to: from + key.length }] : [];
  };
