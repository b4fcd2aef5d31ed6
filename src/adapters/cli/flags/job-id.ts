import { randomInt } from 'node:crypto';

/** Without vowels and look-alikes: nothing to misread, no words. */
const LETTERS = '23456789bcdfghjkmnpqrstvwxz';
const LENGTH = 8;

/** A name for a job in this store, short enough to be typed. */
export const newJobId = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
