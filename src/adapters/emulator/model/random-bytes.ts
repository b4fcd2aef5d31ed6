import { seededRandom } from './seeded-random.js';

const BLOCK = 256 * 1024;

let noise: Uint8Array | undefined;

/** Generated once, when a random result is first requested. */
function noiseBlock(): Uint8Array {
  if (noise !== undefined) return noise;
  const random = seededRandom(0xc0ffee);
  noise = Uint8Array.from({ length: BLOCK }, () => Math.floor(random() * 256));
  return noise;
}

/** One block of the infinite pseudo-random file: always the same noise, with its number in the first 8 bytes. */
function blockAt(index: number): Uint8Array {
  const block = noiseBlock().slice();
  const stamp = new DataView(block.buffer, block.byteOffset, 8);
  stamp.setUint32(0, Math.floor(index / 2 ** 32), true);
  stamp.setUint32(4, index >>> 0, true);
  return block;
}

/**
 * The bytes of the pseudo-random file from `start` to `end` (exclusive), one block at a time: no memory needed, and any range
 * possible.
 */
export function* pseudoRandomBytes(start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; ) {
    const index = Math.floor(at / BLOCK);
    const from = at - index * BLOCK;
    const to = Math.min(BLOCK, end - index * BLOCK);
    yield blockAt(index).subarray(from, to);
    at = index * BLOCK + to;
  }
}
