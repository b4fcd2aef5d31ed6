import type { Readable } from 'node:stream';
import { encodingOf } from '../../flags/decode-text.js';

/**
 * Text from a stream, in UTF-8 or UTF-16, with or without a byte-order mark.
 * @throws TypeError for bytes in neither encoding
 */
export async function* textOfStream(stream: Readable): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let head = Buffer.alloc(0);
  for await (const part of stream) {
    const bytes: Buffer = typeof part === 'string' ? Buffer.from(part) : part;
    if (decoder !== undefined) {
      yield decoder.decode(bytes, { stream: true });
      continue;
    }
    // The encoding follows from the first two bytes, which may arrive separately.
    head = Buffer.concat([head, bytes]);
    if (head.length < 2) continue;
    decoder = new TextDecoder(encodingOf(head), { fatal: true });
    yield decoder.decode(head, { stream: true });
  }
  yield decoder === undefined ? new TextDecoder('utf-8', { fatal: true }).decode(head) : decoder.decode();
}
