import { describe, expect, it } from 'vitest';
import { createChunkWriter, type Writable } from '../../../src/adapters/node/chunk-writer.js';

const MB = 1024 * 1024;

/** A file in memory; each write takes at most so many bytes. */
function memoryFile(mostAtOnce = Number.POSITIVE_INFINITY) {
  const bytes = new Uint8Array(8 * MB);
  const writes: { readonly position: number; readonly chunks: number }[] = [];
  let end = 0;
  const writev = async (chunks: readonly Uint8Array[], position = 0) => {
    writes.push({ position, chunks: chunks.length });
    const whole = Buffer.concat(chunks).subarray(0, mostAtOnce);
    bytes.set(whole, position);
    end = Math.max(end, position + whole.length);
    return { bytesWritten: whole.length, buffers: [...chunks] };
  };
  // Boundary: of a file handle only this is used.
  return { file: { writev } as unknown as Writable, writes, content: () => bytes.subarray(0, end) };
}

const chunk = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

describe('a chunk writer', () => {
  it('writes many small chunks in few writes, in order, from its position on', async () => {
    const { file, writes, content } = memoryFile();
    const writer = createChunkWriter(file, 10);
    const chunks = Array.from({ length: 100 }, (_, at) => chunk(64 * 1024, at));
    for (const each of chunks) await writer.write(each);
    await writer.flush();
    expect(Buffer.compare(content().subarray(10), Buffer.concat(chunks))).toBe(0);
    expect(writes[0]?.position).toBe(10);
    expect(writes.length).toBeLessThanOrEqual(7);
  });

  it('goes on after a write that took less than it was given', async () => {
    const { file, content } = memoryFile(1_000);
    const writer = createChunkWriter(file, 0);
    const chunks = [chunk(700, 1), chunk(1_500, 2), chunk(1, 3)];
    for (const each of chunks) await writer.write(each);
    await writer.flush();
    expect(Buffer.compare(content(), Buffer.concat(chunks))).toBe(0);
  });

  it('leaves nothing unwritten for long where no more comes', async () => {
    const { file, content } = memoryFile();
    const writer = createChunkWriter(file, 0);
    await writer.write(chunk(5, 1));
    await expect.poll(() => content().length).toBe(5);
  });

  it('tells of a failed write, and writes no more after it', async () => {
    let calls = 0;
    const writev = async (): Promise<never> => {
      calls += 1;
      throw new Error('no space left');
    };
    // Boundary: of a file handle only this is used.
    const writer = createChunkWriter({ writev } as unknown as Writable, 0);
    await writer.write(chunk(2 * MB, 1));
    await expect(writer.write(chunk(2 * MB, 2))).rejects.toThrow('no space left');
    await expect(writer.flush()).rejects.toThrow('no space left');
    expect(calls).toBe(1);
  });
});
