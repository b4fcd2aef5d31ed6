import type { ByteDecoder } from '../goal-client.js';

/**
 * Names that mean no encoding. `aws-chunked` describes how S3 received the bytes; stores that imitate S3 return the word with
 * plain bytes.
 */
const PLAIN = new Set(['', 'identity', 'aws-chunked']);
/** Codings that every platform decodes. */
const OF_PLATFORM: Readonly<Record<string, CompressionFormat>> = { gzip: 'gzip', 'x-gzip': 'gzip' };

/** The codings of a body in the order in which they were applied, without those that change nothing. */
export const codingsOf = (header: unknown): string[] =>
  (Array.isArray(header) ? header.join(',') : typeof header === 'string' ? header : '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => !PLAIN.has(word));

type Pair = Pick<DecompressionStream, 'readable' | 'writable'>;

/**
 * Pipes chunks through a stream of the platform. An error of the source is passed on unchanged; when the consumer stops, the
 * source ends.
 */
async function* through(chunks: AsyncIterable<Uint8Array>, pair: Pair): AsyncGenerator<Uint8Array> {
  const writer = pair.writable.getWriter();
  const reader = pair.readable.getReader();
  let lost: { readonly error: unknown } | undefined;
  const feeding = (async () => {
    try {
      for await (const chunk of chunks) {
        // A transport may reuse its buffer before the stream has read it.
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

/** `deflate` means zlib by the standard; some servers send raw deflate. */
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

/** More codings than this can only be an attack. */
export const MOST_CODINGS = 3;

/**
 * Decodes chunks, last coding first. Undefined if a coding is unknown. `own` are decoders of the host for codings that no
 * `DecompressionStream` supports (`br`).
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
