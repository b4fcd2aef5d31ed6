/** The encoding according to the byte-order mark; without one, according to the zero byte of a first ASCII character. */
export function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== 0) return 'utf-16be';
  return first !== undefined && first !== 0 && second === 0 ? 'utf-16le' : 'utf-8';
}

/**
 * Decodes text written by editors and shells of any system: UTF-8 or UTF-16, with or without a byte-order mark.
 * @throws TypeError for bytes in neither encoding
 */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
