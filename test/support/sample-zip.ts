import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const record = (
  signature: number,
  ...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]
): Buffer =>
  Buffer.concat(
    [[4, signature] as const, ...fields].map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value));
      else field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );

export interface SampleZip {
  readonly comment?: string;
  /** Says its sizes in the ZIP64 way. */
  readonly isZip64?: boolean;
}

/** A whole ZIP with one stored entry. */
export function zipOf(content: Buffer, { comment = '', isZip64 = false }: SampleZip = {}): Buffer {
  const name = Buffer.from('result.txt');
  const sum = crc32(content);
  const facts = [
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, sum],
    [4, content.length],
    [4, content.length],
  ] as const;
  const local = Buffer.concat([
    record(0x04034b50, [2, 20], ...facts, [2, name.length], [2, 0]),
    name,
    content,
  ]);
  const central = Buffer.concat([
    record(
      0x02014b50,
      [2, 20],
      [2, 20],
      ...facts,
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, 0],
    ),
    name,
  ]);
  const at = local.length + central.length;
  const large = isZip64
    ? Buffer.concat([
        record(
          0x06064b50,
          [8, 44],
          [2, 45],
          [2, 45],
          [4, 0],
          [4, 0],
          [8, 1],
          [8, 1],
          [8, central.length],
          [8, local.length],
        ),
        record(0x07064b50, [4, 0], [8, at], [4, 1]),
      ])
    : Buffer.alloc(0);
  const [size, offset] = isZip64 ? [0xffffffff, 0xffffffff] : [central.length, local.length];
  const end = record(0x06054b50, [2, 0], [2, 0], [2, 1], [2, 1], [4, size], [4, offset], [2, comment.length]);
  return Buffer.concat([local, central, large, end, Buffer.from(comment)]);
}

const OVERHEAD = zipOf(Buffer.alloc(0)).length;

/** A whole ZIP of random content that has exactly so many bytes. */
export const zipOfSize = (bytes: number): Buffer => zipOf(randomBytes(bytes - OVERHEAD));
