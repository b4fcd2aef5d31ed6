import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeDecoders } from '../../../src/adapters/node/results/node-decoders.js';
import { codingsOf, decoded } from '../../../src/services/content/content-coding.js';
import { zipOfSize } from '../../support/sample-zip.js';

const CONTENT = zipOfSize(200_000);

/** As a socket gives it: in pieces, of which the memory is used again. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

async function read(chunks: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks ?? []) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

const undo = (bytes: Uint8Array, header: string, size = 7_001) =>
  decoded(pieces(bytes, size), codingsOf(header), nodeDecoders);

const CODED: readonly [string, string, Buffer][] = [
  ['gzip', 'gzip', gzipSync(CONTENT)],
  ['gzip by its old name', 'X-GZIP', gzipSync(CONTENT)],
  ['deflate as the standard has it', 'deflate', deflateSync(CONTENT)],
  ['deflate as some servers have it', 'deflate', deflateRawSync(CONTENT)],
  ['brotli', 'br', brotliCompressSync(CONTENT)],
  ['several', 'deflate, gzip', gzipSync(deflateSync(CONTENT))],
  ['several with identity', 'identity, br , gzip', gzipSync(brotliCompressSync(CONTENT))],
];

/** Each platform has words of its own for what it cannot decode; a mistake of ours has these. */
const OF_THE_DECODER = expect.stringMatching(/^(?!Cannot read)./);

describe('a coded body', () => {
  it.each(CODED)('%s is undone', async (_name, header, bytes) => {
    expect((await read(undo(bytes, header))).equals(CONTENT)).toBe(true);
  });

  it.each([
    ['gzip', gzipSync('ab')],
    ['deflate', deflateSync('ab')],
    ['deflate', deflateRawSync('ab')],
    ['br', brotliCompressSync('ab')],
  ])('%s is undone from single bytes, too', async (header, bytes) => {
    expect((await read(undo(bytes, header, 1))).toString()).toBe('ab');
  });

  it.each(CODED)('%s that breaks off is refused', async (_name, header, bytes) => {
    for (const length of [0, 1, bytes.length - 9])
      await expect(read(undo(bytes.subarray(0, length), header))).rejects.toMatchObject({
        message: OF_THE_DECODER,
      });
  });

  it.each(CODED)('%s that is none is refused', async (_name, header) => {
    await expect(read(undo(CONTENT, header))).rejects.toMatchObject({ message: OF_THE_DECODER });
  });

  it.each(CODED)('%s passes on what its source breaks with', async (_name, header, bytes) => {
    const breaks = async function* () {
      yield bytes.subarray(0, 10_000);
      throw new Error('the network is gone');
    };
    await expect(read(decoded(breaks(), codingsOf(header), nodeDecoders))).rejects.toThrow(
      'the network is gone',
    );
  });

  it.each(CODED)('%s releases its source when its reader stops', async (_name, header, bytes) => {
    let isLetGo = false;
    const source = async function* () {
      try {
        for (;;) yield* pieces(bytes, 1_000);
      } finally {
        isLetGo = true;
      }
    };
    for await (const chunk of decoded(source(), codingsOf(header), nodeDecoders) ?? []) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => isLetGo).toBe(true);
  });
});

/** Blocks of raw deflate without compression, of which the first two bytes could be those of zlib, were it not for one of its two rules. */
describe('raw deflate that resembles zlib', () => {
  const stored = (first: number, text: string) =>
    Buffer.concat([Buffer.from([first, text.length, 0, 255 - text.length, 255]), Buffer.from(text)]);
  it.each([
    ['by its check bits', stored(1, 'x'.repeat(23)), 'x'.repeat(23)],
    ['by its method', Buffer.concat([stored(8, 'hello'), stored(1, '')]), 'hello'],
  ])('%s', async (_how, bytes, text) => {
    expect((await read(undo(bytes, 'deflate'))).toString()).toBe(text);
  });
});

describe('a platform without DecompressionStream', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['gzip', false],
    ['deflate', false],
    ['br', true],
  ])('%s', (header, isUndone) => {
    vi.stubGlobal('DecompressionStream', undefined);
    const decoders = { br: (chunks: AsyncIterable<Uint8Array>) => chunks };
    expect(decoded(pieces(CONTENT, 7_001), codingsOf(header), decoders) !== undefined).toBe(isUndone);
  });
});

describe('what is not undone', () => {
  it('three codings are', async () => {
    expect((await read(undo(gzipSync(gzipSync(gzipSync('ab'))), 'gzip, gzip, gzip'))).toString()).toBe('ab');
  });

  it('several headers are one list', () => {
    expect(codingsOf(['deflate', 'gzip, br'])).toEqual(['deflate', 'gzip', 'br']);
  });

  it.each(['compress', 'toString', 'gzip, zstd-9', 'gzip, gzip, gzip, gzip'])('%s', (header) => {
    expect(undo(CONTENT, header)).toBeUndefined();
  });

  it.each(['', 'identity', 'Identity, identity', 'aws-chunked', undefined])('%j is no coding', (header) => {
    expect(codingsOf(header)).toEqual([]);
  });
});
