/** How a quantity was distributed: enough to add one more, and to be kept as JSON. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly spread: number;
}

/** What past runs of one stretch of execution (start to checkpoint, checkpoint to the next, or to the end) have shown. */
export interface SegmentHistory {
  /** ln of the duration in ms. */
  readonly duration: Moments;
  /** Per bin of progress: ln of (true duration / duration extrapolated from the progress seen in that bin). */
  readonly progress: readonly Moments[];
}

/** What past runs of one workflow have shown. Plain JSON: a store can keep it. */
export interface WorkflowHistory {
  readonly version: 1;
  /** By position in the run: 0 until the first checkpoint or the end, 1 after the first checkpoint, … */
  readonly segments: readonly SegmentHistory[];
}

/** One stretch of execution that is over. */
export interface SegmentRun {
  readonly segment: number;
  readonly durationMs: number;
  /** ln of the extrapolated duration in ms per bin of progress, NaN or absent where nothing was seen. */
  readonly guesses: readonly number[];
}

const NOTHING: Moments = { count: 0, mean: 0, spread: 0 };
const EMPTY_SEGMENT: SegmentHistory = { duration: NOTHING, progress: [] };
export const EMPTY_HISTORY: WorkflowHistory = { version: 1, segments: [] };

/** Older runs fade: the weight of the past is never more than this many runs, so that a changed workflow is learned again. */
const MEMORY_RUNS = 100;
/** A position that no workflow reaches; what claims more is not kept. */
const MAX_SEGMENTS = 64;

export function addToMoments(past: Moments, value: number): Moments {
  if (!Number.isFinite(value)) return past;
  const fade = past.count >= MEMORY_RUNS ? (MEMORY_RUNS - 1) / past.count : 1;
  const kept = past.count * fade;
  const count = kept + 1;
  const step = value - past.mean;
  return { count, mean: past.mean + step / count, spread: past.spread * fade + (step * step * kept) / count };
}

/** The history with one more stretch in it. What makes no sense (a negative duration, an absurd position) is left out. */
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
