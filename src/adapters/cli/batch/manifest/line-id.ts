import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { BatchLine } from './batch-line.js';

const MOST_LETTERS = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what must not stand in a name.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|~\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
/** Device names that Windows reserves. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

export const ID_RULE = `at most ${MOST_LETTERS} letters that can name a folder on any disk: none of / \\ : * ? " < > | ~, no dot, hyphen or space before it, no dot or space behind it`;

/** Whether an id can be the name of a result folder on any file system. */
export const isLineId = (id: string): boolean =>
  id !== '' &&
  id.length <= MOST_LETTERS &&
  !FORBIDDEN.test(id) &&
  !/^[.\s-]|[.\s]$/.test(id) &&
  !DEVICES.test(id);

/** The id for downloading a result again; no line can have it. */
export const againId = (id: string): string => `${id}~again`;
export const withoutAgain = (id: string): string => id.replace(/~again$/, '');

const SHOWN_LETTERS = 24;
/** 48 bits: in 100,000 lines, two collide in one of 50,000 manifests. */
const DIGEST_LETTERS = 12;

/** A readable part of the first file's name, to help find the folder. */
const readable = (file: string): string =>
  basename(file, extname(file))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, SHOWN_LETTERS)
    .replace(/^-+|-+$/g, '');

const sorted = (values: object | undefined): unknown =>
  Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Derives an id for a line without one; it stays the same as long as the line means the same job. `salt`: anything else that
 * distinguishes it.
 */
export function derivedId(line: Omit<BatchLine, 'id' | 'line'>, salt = ''): string {
  const { workflowId, files, slots, answers } = line;
  const meaning = JSON.stringify([workflowId, files, sorted(slots), sorted(answers), salt]);
  const digest = createHash('sha256').update(meaning).digest('hex').slice(0, DIGEST_LETTERS);
  const name = readable(files[0] ?? '');
  return name === '' ? digest : `${name}-${digest}`;
}

const DERIVED = new RegExp(`^(?:(.*)-)?[0-9a-f]{${DIGEST_LETTERS}}(?:-\\d+)?$`, 's');

/** The readable part of an id that was derived, which may be empty; undefined for another id. */
export function derivedName(id: string): string | undefined {
  const found = DERIVED.exec(id);
  return found === null ? undefined : (found[1] ?? '');
}
