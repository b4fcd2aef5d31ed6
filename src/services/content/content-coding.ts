import type { ByteDecoder } from '../goal-client.js';

/** Nothing is coded: `aws-chunked` is how S3 was sent the bytes, and stores that copy S3 give the word back with bytes that are plain. */
const PLAIN = new Set(['', 'identity', 'aws-chunked']);
/** What every platform decodes. */
const OF_PLATFORM: Readonly<Record<string, CompressionFormat>> = { gzip: 'gzip', 'x-gzip': 'gzip' };

/** The codings of a body, in the order in which they were applied; those that change nothing are left out. */
export const codingsOf = (header: unknown): string[] =>
  (Array.isArray(header) ? header.join(',') : typeof header === 'string' ? header : '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => !PLAIN.has(word));

type Pair = Pick<DecompressionStream, 'readable' | 'writable'>;

/** Runs chunks through a stream of the platform. What the source rejects with is passed on as it is, and a reader that leaves ends the source. */
async function* through(chunks: AsyncIterable<Uint8Array>, pair: Pair): AsyncGenerator<Uint8Array> {
  const writer = pair.writable.getWriter();
  const reader = pair.readable.getReader();
  let lost: { readonly error: unknown } | undefined;
  const feeding = (async () => {
    try {
      for await (const chunk of chunks) {
        // A transport may use its buffer again before the stream has read it.
        await writer.write(chunk.slice());
      }
    } catch (error) {
      lost ??= { error };
      await writer.abort(error).catch(() => undefined);
      return;
    }
    await writer.close();
  })();
  feeding.catch(() => undefined);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    await feeding;
  } catch (error) {
    throw lost?.error ?? error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const isZlibHeader = (first: number, second: number): boolean =>
  first % 16 === 8 && (first * 256 + second) % 31 === 0;

/** `deflate` means zlib by the standard, and is bare deflate at some servers. */
async function* inflate(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  try {
    let start: number[] = [];
    while (start.length < 2) {
      const next = await source.next();
      if (next.done === true) break;
      held.push(next.value.slice());
      start = held.flatMap((chunk) => [...chunk.subarray(0, 2)]).slice(0, 2);
    }
    const [first = 0, second = 0] = start;
    const whole = async function* () {
      yield* held;
      yield* { [Symbol.asyncIterator]: () => source };
    };
    const format = isZlibHeader(first, second) ? 'deflate' : 'deflate-raw';
    yield* through(whole(), new DecompressionStream(format));
  } finally {
    await source.return?.();
  }
}

function decoderOf(coding: string, own: Readonly<Record<string, ByteDecoder>>): ByteDecoder | undefined {
  const platform = Object.hasOwn(OF_PLATFORM, coding) ? OF_PLATFORM[coding] : undefined;
  if (Object.hasOwn(own, coding)) return own[coding];
  if (typeof DecompressionStream === 'undefined') return undefined;
  if (coding === 'deflate') return inflate;
  return platform && ((chunks) => through(chunks, new DecompressionStream(platform)));
}

/** A body that went through more codings than this was made to be a burden. */
const MOST_CODINGS = 3;

/**
 * Chunks with their codings undone, the last one first; undefined where one is unknown. `own` are decoders of the host, for codings
 * that no platform's `DecompressionStream` has (`br`).
 */
export function decoded(
  chunks: AsyncIterable<Uint8Array>,
  codings: readonly string[],
  own: Readonly<Record<string, ByteDecoder>> = {},
): AsyncIterable<Uint8Array> | undefined {
  const decoders = codings.map((coding) => decoderOf(coding, own)).toReversed();
  if (decoders.length > MOST_CODINGS) return undefined;
  let result = chunks;
  for (const decoder of decoders) {
    if (decoder === undefined) return undefined;
    result = decoder(result);
  }
  return result;
}
