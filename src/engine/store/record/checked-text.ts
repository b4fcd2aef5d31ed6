import { hash } from 'node:crypto';

/** A checksum stored with a text, so that damage to either is noticed even if the bytes are still valid. */
export const checksumOf = (name: string, text: string): string =>
  hash('sha256', `${name}\0${text}`, 'base64');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** A name for display, whatever its bytes are. */
export const shownName = (bytes: unknown): string =>
  bytes instanceof Uint8Array ? lenient.decode(bytes) : '(without a name)';

/**
 * The text of a column that was read as bytes, because the driver would replace invalid UTF-8. Undefined if it is not what was
 * stored. `checksum` is null in rows written before checksums existed.
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
