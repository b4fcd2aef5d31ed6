import { seededRandom } from './seeded-random.js';

const BLOCK = 256 * 1024;

let noise: Uint8Array | undefined;

/** Made once, and only where a random result is asked for. */
function noiseBlock(): Uint8Array {
  if (noise !== undefined) return noise;
  const random = seededRandom(0xc0ffee);
  noise = Uint8Array.from({ length: BLOCK }, () => Math.floor(random() * 256));
  return noise;
}

/** One block of the endless pseudo-random file: the same noise each time, its number stamped over the first 8 bytes. */
function blockAt(index: number): Uint8Array {
  const block = noiseBlock().slice();
  const stamp = new DataView(block.buffer, block.byteOffset, 8);
  stamp.setUint32(0, Math.floor(index / 2 ** 32), true);
  stamp.setUint32(4, index >>> 0, true);
  return block;
}

/** The bytes of the pseudo-random file from `start` up to `end` (exclusive), a block at a time: no memory, and any range. */
export function* pseudoRandomBytes(start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; ) {
    const index = Math.floor(at / BLOCK);
    const from = at - index * BLOCK;
    const to = Math.min(BLOCK, end - index * BLOCK);
    yield blockAt(index).subarray(from, to);
    at = index * BLOCK + to;
  }
}
