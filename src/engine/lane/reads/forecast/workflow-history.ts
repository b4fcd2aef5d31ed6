/** The distribution of a quantity: enough to add a value, and to store it as JSON. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly spread: number;
}

/** Past runs of one stretch of execution (start to checkpoint, checkpoint to the next, or to the end). */
export interface SegmentHistory {
  /** ln of the duration in ms. */
  readonly duration: Moments;
  /** Per bin of progress: ln of (true duration / duration extrapolated from the progress seen in that bin). */
  readonly progress: readonly Moments[];
}

/** Past runs of one workflow. Plain JSON that can be stored. */
export interface WorkflowHistory {
  readonly version: 1;
  /** By position in the run: 0 until the first checkpoint or the end, 1 after the first checkpoint, … */
  readonly segments: readonly SegmentHistory[];
}

/** A completed stretch of execution. */
export interface SegmentRun {
  readonly segment: number;
  readonly durationMs: number;
  /** ln of the extrapolated duration in ms per bin of progress; NaN or absent if nothing was observed. */
  readonly guesses: readonly number[];
}

const NOTHING: Moments = { count: 0, mean: 0, spread: 0 };
const EMPTY_SEGMENT: SegmentHistory = { duration: NOTHING, progress: [] };
export const EMPTY_HISTORY: WorkflowHistory = { version: 1, segments: [] };

/** Older runs fade: the weight of the past is at most this many runs, so that a changed workflow is learned again. */
const MEMORY_RUNS = 100;
/** A position that no workflow reaches; higher ones are ignored. */
const MAX_SEGMENTS = 64;

export function addToMoments(past: Moments, value: number): Moments {
  if (!Number.isFinite(value)) return past;
  const fade = past.count >= MEMORY_RUNS ? (MEMORY_RUNS - 1) / past.count : 1;
  const kept = past.count * fade;
  const count = kept + 1;
  const step = value - past.mean;
  return { count, mean: past.mean + step / count, spread: past.spread * fade + (step * step * kept) / count };
}

/** Adds one stretch to the history. Invalid values (a negative duration, an absurd position) are ignored. */
export function addRun(history: WorkflowHistory, run: SegmentRun): WorkflowHistory {
  const { segment, durationMs } = run;
  if (!(durationMs > 0) || !Number.isFinite(durationMs)) return history;
  if (!Number.isInteger(segment) || segment < 0 || segment >= MAX_SEGMENTS) return history;
  const lasted = Math.log(durationMs);
  const length = Math.max(history.segments.length, segment + 1);
  const segments = Array.from({ length }, (_, at) => {
    const past = history.segments[at] ?? EMPTY_SEGMENT;
    if (at !== segment) return past;
    const bins = Math.max(past.progress.length, run.guesses.length);
    const progress = Array.from({ length: bins }, (__, bin) =>
      addToMoments(past.progress[bin] ?? NOTHING, lasted - (run.guesses[bin] ?? Number.NaN)),
    );
    return { duration: addToMoments(past.duration, lasted), progress };
  });
  return { version: 1, segments };
}
