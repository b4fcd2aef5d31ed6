import type { Readable } from 'node:stream';
import { encodingOf } from '../../flags/decode-text.js';

/**
 * Text as it comes, in UTF-8 or UTF-16, with a byte-order mark or without.
 * @throws TypeError for bytes that are neither
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
    // The encoding is told by the first two bytes, which may come one by one.
    head = Buffer.concat([head, bytes]);
    if (head.length < 2) continue;
    decoder = new TextDecoder(encodingOf(head), { fatal: true });
    yield decoder.decode(head, { stream: true });
  }
  yield decoder === undefined ? new TextDecoder('utf-8', { fatal: true }).decode(head) : decoder.decode();
}
