import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createChunkWriter, type Writable } from '../../../../src/adapters/node/results/chunk-writer.js';

const MB = 1024 * 1024;

/** A file in memory; each write takes at most so many bytes, and its time. */
function memoryFile(mostAtOnce = Number.POSITIVE_INFINITY) {
  const content = new Uint8Array(8 * MB);
  const writes: { readonly position: number; readonly bytes: number }[] = [];
  let end = 0;
  const write = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    const bytesWritten = Math.min(length, mostAtOnce);
    content.set(buffer.subarray(offset, offset + bytesWritten), position);
    writes.push({ position, bytes: bytesWritten });
    end = Math.max(end, position + bytesWritten);
    return { bytesWritten, buffer };
  };
  // Boundary: of a file handle only this is used.
  return { file: { write } as unknown as Writable, writes, content: () => content.subarray(0, end) };
}

const chunk = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a chunk writer', () => {
  it('writes many small chunks in few writes, in order, from its position on', async () => {
    const { file, writes, content } = memoryFile();
    const writer = createChunkWriter(file, { position: 10 });
    const chunks = Array.from({ length: 100 }, (_, at) => chunk(64 * 1024, at));
    for (const each of chunks) await writer.write(each);
    await writer.flush();
    expect(Buffer.compare(content().subarray(10), Buffer.concat(chunks))).toBe(0);
    expect(writes[0]?.position).toBe(10);
    expect(writes.length).toBeLessThanOrEqual(13);
  });

  it.each([1, 1_000, 40_000, 524_287, 524_288, 524_289, 1_600_000])(
    'takes chunks of %i bytes, of which the memory is used again, and hashes what it writes',
    async (size) => {
      const { file, content } = memoryFile();
      const hash = createHash('sha256');
      const writer = createChunkWriter(file, { position: 0, hash, expectedBytes: 4 * size });
      const expected = [1, 2, 3, 4].map((fill) => chunk(size, fill));
      const reused = new Uint8Array(size);
      for (const each of expected) {
        reused.set(each);
        await writer.write(reused);
      }
      reused.fill(0);
      await writer.flush();
      expect(Buffer.compare(content(), Buffer.concat(expected))).toBe(0);
      expect(hash.digest('hex')).toBe(sha256(Buffer.concat(expected)));
    },
  );

  it('continues after a short write', async () => {
    const { file, content } = memoryFile(1_000);
    const writer = createChunkWriter(file, { position: 0 });
    const chunks = [chunk(700, 1), chunk(1_500, 2), chunk(1, 3)];
    for (const each of chunks) await writer.write(each);
    await writer.flush();
    expect(Buffer.compare(content(), Buffer.concat(chunks))).toBe(0);
  });

  it('leaves nothing unwritten for long where no more comes', async () => {
    const { file, content } = memoryFile();
    const writer = createChunkWriter(file, { position: 0 });
    await writer.write(chunk(5, 1));
    await expect.poll(() => content().length).toBe(5);
  });

  it('reports a failed write, and writes no more after it', async () => {
    let calls = 0;
    const write = async (): Promise<never> => {
      calls += 1;
      throw new Error('no space left');
    };
    // Boundary: of a file handle only this is used.
    const writer = createChunkWriter({ write } as unknown as Writable, { position: 0 });
    await expect(
      (async () => {
        for (let at = 0; at < 4; at += 1) await writer.write(chunk(2 * MB, at));
      })(),
    ).rejects.toThrow('no space left');
    await expect(writer.flush()).rejects.toThrow('no space left');
    expect(calls).toBe(1);
  });
});
