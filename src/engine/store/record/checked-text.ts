import { createHash } from 'node:crypto';

/** What is stored beside a text, so that damage to either shows, also where the bytes still say something. */
export const checksumOf = (name: string, text: string): string =>
  createHash('sha256').update(name).update('\0').update(text).digest('base64');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** A name as it can be shown, whatever became of its bytes. */
export const shownName = (bytes: unknown): string =>
  bytes instanceof Uint8Array ? lenient.decode(bytes) : '(without a name)';

/**
 * The text of a column that was read as bytes: the driver would put a replacement character in the place of what is not UTF-8.
 * Undefined where it is not what was stored. `checksum` is null in rows that were written before there was one.
 */
export function checkedText(name: string, bytes: unknown, checksum: unknown): string | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const text = strict.decode(bytes);
    return checksum === null || checksum === checksumOf(name, text) ? text : undefined;
  } catch {
    return undefined;
  }
}
