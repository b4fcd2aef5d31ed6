/** What the progress of one stretch of execution has shown so far. */
export interface ProgressTrack {
  /** Progress (percent) at which the stretch began. */
  base: number;
  /** ln of the extrapolated duration in ms, from the latest reading; NaN if there is none. */
  latest: number;
  /** The bin of the latest reading, -1 if there is none. */
  bin: number;
  /** The last extrapolation in each bin, scored at the end of the stretch. */
  guesses: number[];
}

/** Lower edges of the bins, in percent. Below the first one, progress is not informative. */
const BIN_EDGES = [2, 20, 40, 60, 80, 95];

export function createProgressTrack(base = 0): ProgressTrack {
  return { base: isPercent(base) ? base : 0, latest: Number.NaN, bin: -1, guesses: [] };
}

/**
 * Adds a progress reading. With p percent after the age a, counted from the base b, a straight line ends at T = a (100 - b) / (p
 * - b). Servers round down, so half a percent is added to p. How a workflow deviates from the straight line (ends early at a
 * checkpoint, stalls at 99) is learned as the bias and the variance of ln(true T / this T) per bin.
 */
export function noteProgress(track: ProgressTrack, ageMs: number, progress: number | undefined): void {
  if (progress === undefined || !isPercent(progress) || !(ageMs > 0)) return;
  if (progress < track.base) track.base = 0;
  const done = progress + 0.5 - track.base;
  const bin = binOf(progress - track.base >= 2 ? progress : 0);
  if (bin < 0) return;
  track.latest = Math.log((ageMs * (100.5 - track.base)) / done);
  track.bin = bin;
  if (track.guesses.length <= bin) track.guesses = lengthened(track.guesses, bin + 1);
  track.guesses[bin] = track.latest;
}

/** An array that grows by `push` reserves room for 17 numbers. */
const lengthened = (guesses: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, at) => guesses[at] ?? Number.NaN);

function binOf(progress: number): number {
  let bin = -1;
  for (const edge of BIN_EDGES) if (progress >= edge) bin += 1;
  return bin;
}

function isPercent(value: number): boolean {
  return value >= 0 && value <= 100;
}
