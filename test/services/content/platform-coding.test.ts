import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodedIfCoded, mayBeDecoded } from '../../../src/services/content/platform-coding.js';

const CONTENT = Buffer.from('the result');

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString('latin1');
  return text;
}

/** What arrives, with `undone:` before it where the coding is undone. */
function arrived(bytes: Uint8Array, codings: readonly string[], size = 4_096): Promise<string> {
  const undo = async function* (coded: AsyncIterable<Uint8Array>) {
    yield Buffer.from('undone:');
    yield* coded;
  };
  return read(decodedIfCoded(inPieces(bytes, size), codings, undo));
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (...bytes: number[]): Buffer => Buffer.from([...bytes, 0, 0, 0, 0]);

describe('a body whose coding a platform may have undone', () => {
  it.each([
    ['gzip', gzipSync(CONTENT)],
    ['x-gzip', gzipSync(CONTENT)],
    ['deflate', deflateSync(CONTENT)],
    ['zstd', bytesOf(0x28, 0xb5, 0x2f, 0xfd)],
  ])('is undone if it still begins as %s does, in whatever pieces it comes', async (coding, coded) => {
    for (const size of [1, 3, 4_096]) {
      expect(await arrived(coded, [coding], size)).toBe(`undone:${textOf(coded)}`);
      expect(await arrived(CONTENT, [coding], size)).toBe(textOf(CONTENT));
    }
    // The coding that was applied last is the one that shows.
    expect(await arrived(coded, ['br', coding])).toBe(`undone:${textOf(coded)}`);
    expect(await arrived(coded, [coding, 'br'])).toBe(textOf(coded));
  });

  it.each([
    ['gzip', bytesOf(0x1e, 0x8b, 8)],
    ['gzip', bytesOf(0x1f, 0x8c, 8)],
    ['gzip', bytesOf(0x1f, 0x8b, 9)],
    ['x-gzip', bytesOf(0x1e, 0x8b, 8)],
    ['x-gzip', bytesOf(0x1f, 0x8c, 8)],
    ['x-gzip', bytesOf(0x1f, 0x8b, 9)],
    // Both are multiples of 31, but only 0x78 is the window that servers use.
    ['deflate', bytesOf(0x58, 0x09)],
    ['deflate', bytesOf(0x78, 0x02)],
    ['zstd', bytesOf(0x29, 0xb5, 0x2f, 0xfd)],
    ['zstd', bytesOf(0x28, 0xb4, 0x2f, 0xfd)],
    ['zstd', bytesOf(0x28, 0xb5, 0x2e, 0xfd)],
    ['zstd', bytesOf(0x28, 0xb5, 0x2f, 0xfc)],
    ['br', bytesOf(0x1f, 0x8b, 8)],
    ['gzip', Buffer.from([0x1f, 0x8b])],
    ['gzip', Buffer.alloc(0)],
  ])('passes as it is if it does not: %s, %j', async (coding, bytes) => {
    expect(await arrived(bytes, [coding])).toBe(textOf(bytes));
    expect(await arrived(bytes, [])).toBe(textOf(bytes));
  });

  it('releases its source when its reader stops', async () => {
    let isReleased = false;
    const source = async function* () {
      try {
        for (;;) yield CONTENT;
      } finally {
        isReleased = true;
      }
    };
    for await (const _ of decodedIfCoded(source(), ['gzip'], (coded) => coded)) break;
    expect(isReleased).toBe(true);
  });

  it('passes on what its source breaks with', async () => {
    const source = async function* () {
      yield Buffer.from([0x1f]);
      throw new Error('the network is gone');
    };
    await expect(read(decodedIfCoded(source(), ['gzip'], (coded) => coded))).rejects.toThrow('gone');
  });
});

describe('whether a platform may have undone the codings', () => {
  const stream = new Blob([CONTENT]).stream();
  it.each([
    ['gzip', true],
    ['x-gzip', true],
    ['deflate', true],
    ['br', true],
    ['zstd', true],
    ['compress', false],
  ])('%s of a web stream: %s', (coding, expected) => {
    expect(mayBeDecoded(stream, [coding])).toBe(expected);
    expect(mayBeDecoded(stream, ['gzip', coding])).toBe(expected);
    // Any other transport hands over what was sent.
    expect(mayBeDecoded(inPieces(CONTENT, 1), [coding])).toBe(false);
  });

  it('not where there are none', () => {
    expect(mayBeDecoded(stream, [])).toBe(false);
  });
});
