/** The encoding by its byte-order mark; without one by where the zeros of a first ASCII character stand. */
export function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== 0) return 'utf-16be';
  return first !== undefined && first !== 0 && second === 0 ? 'utf-16le' : 'utf-8';
}

/**
 * Text as editors and shells of any system write it: UTF-8 or UTF-16, with a byte-order mark or without.
 * @throws TypeError for bytes that are none of these
 */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
