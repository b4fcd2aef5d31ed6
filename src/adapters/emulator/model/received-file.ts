import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ReceivedFile } from './messages.js';

/** A file whose bytes are in memory, counted and hashed. */
export function fileInMemory(name: string, bytes: Uint8Array): ReceivedFile {
  return {
    name,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    crc32: crc32(bytes),
    bytes: { kind: 'memory', bytes },
  };
}
