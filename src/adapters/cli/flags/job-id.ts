import { randomInt } from 'node:crypto';

/** Without vowels and similar-looking characters: nothing to misread, no words. */
const LETTERS = '23456789bcdfghjkmnpqrstvwxz';
const LENGTH = 8;

/** A new id for a job in this store, short enough to type. */
export const newJobId = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
