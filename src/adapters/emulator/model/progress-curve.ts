/** How `progress` follows the work: evenly, fluctuating around it, in steps, or absent. */
export type ProgressCurve = 'linear' | 'noisy' | 'stalling' | 'absent';

const NOISE = 9;
const NOISE_STEP_MS = 1_500;
const PLATEAUS = [0, 7, 18, 34, 35, 62, 81, 96];

/** A number in [0, 1) that depends only on its arguments. */
function hash(seed: number, step: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(step + 1, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x27d4eb2f);
  return ((value ^ (value >>> 13)) >>> 0) / 2 ** 32;
}

/** The percent to show for a fraction of the work (0 to 1); undefined if none is shown. */
export function progressOf(
  curve: ProgressCurve,
  done: number,
  elapsedMs: number,
  seed: number,
): number | undefined {
  const percent = Math.min(99, Math.floor(done * 100));
  switch (curve) {
    case 'linear':
      return percent;
    case 'noisy': {
      const noise = Math.round((hash(seed, Math.floor(elapsedMs / NOISE_STEP_MS)) * 2 - 1) * NOISE);
      return Math.max(0, Math.min(99, percent + noise));
    }
    case 'stalling':
      return PLATEAUS.findLast((plateau) => plateau <= percent);
    case 'absent':
      return undefined;
  }
}
