import type { JobView } from '../../../../engine/job/source/job-view.js';
import { type Durations, noDurations, type RestOfBatch, withDuration } from './time-left.js';

/** What an unfinished job does or waits for. */
export type Phase = 'running' | 'place' | 'person' | 'reset';

/** An unfinished job as shown on the screen. */
export interface LiveJob {
  readonly id: string;
  readonly workflowId: string;
  readonly phase: Phase;
  readonly view: JobView;
  /** Time since it got its place, in ms; 0 before. */
  readonly ageMs: number;
}

export interface Counts {
  /** Undefined while lines are still being read. */
  readonly total: number | undefined;
  readonly saved: number;
  readonly failed: number;
  /** Detached, left or refused: to be resumed or decided. */
  readonly left: number;
  /** Not started yet. */
  readonly toStart: number;
  readonly phases: Readonly<Record<Phase, number>>;
}

export interface BatchSnapshot {
  readonly counts: Counts;
  readonly jobs: readonly LiveJob[];
  readonly rest: Omit<RestOfBatch, 'places' | 'creations'>;
}

/** The part of a handle that progress needs. */
export interface Viewed {
  readonly id: string;
  view(): JobView;
}

export type EndKind = 'saved' | 'failed' | 'left';

/** Tracks the lines of a batch. */
export interface BatchProgress {
  /** Adds a line that will be started. */
  expect(workflowId: string): void;
  /** The job of a line has started. */
  begin(job: Viewed, workflowId: string): void;
  /** `isFresh`: the job ran now, so its duration can be used for forecasts. */
  end(end: {
    readonly id: string;
    readonly workflowId: string;
    readonly kind: EndKind;
    readonly isFresh: boolean;
  }): void;
  /** No more lines will follow. */
  close(total: number): void;
  snapshot(): BatchSnapshot;
}

/** The phase according to path and tags of its state. */
export function phaseOf({ path, tags }: JobView): Phase {
  if (tags.includes('user-input')) return 'person';
  if (tags.includes('rate-limited')) return 'reset';
  return path === 'preparing.queued' || path === 'preparing.starting' ? 'place' : 'running';
}

interface Live {
  readonly job: Viewed;
  readonly workflowId: string;
  runningSince: number | undefined;
}

/** How many lines of each workflow are still to be started. */
function createLinesToStart() {
  const counts = new Map<string, number>();
  return {
    add: (workflowId: string) => void counts.set(workflowId, (counts.get(workflowId) ?? 0) + 1),
    drop(workflowId: string): void {
      const count = counts.get(workflowId) ?? 0;
      if (count > 0) counts.set(workflowId, count - 1);
    },
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    /** The counts, with jobs that were started and wait for their place. */
    withWaiting(waiting: readonly LiveJob[]): ReadonlyMap<string, number> {
      const all = new Map(counts);
      for (const { workflowId } of waiting) all.set(workflowId, (all.get(workflowId) ?? 0) + 1);
      return all;
    },
  };
}

/** The server works on it, or its next request waits for a limit. */
const isWithServer = ({ phase, view }: LiveJob): boolean =>
  phase === 'running' || (phase === 'reset' && view.jobSpecId !== undefined);

function phasesOf(jobs: readonly LiveJob[]): Record<Phase, number> {
  const phases: Record<Phase, number> = { running: 0, place: 0, person: 0, reset: 0 };
  for (const { phase } of jobs) phases[phase] += 1;
  return phases;
}

/** @param now ms of a monotonic clock */
export function createBatchProgress(now: () => number): BatchProgress {
  const live = new Map<string, Live>();
  const durations = new Map<string, Durations>();
  const toStart = createLinesToStart();
  const ends: Record<EndKind, number> = { saved: 0, failed: 0, left: 0 };
  let total: number | undefined;

  const ageOf = ({ runningSince }: Live): number => (runningSince === undefined ? 0 : now() - runningSince);
  const look = (id: string, entry: Live): LiveJob => {
    const view = entry.job.view();
    const phase = phaseOf(view);
    if (phase !== 'place' && !view.path.startsWith('preparing.')) entry.runningSince ??= now();
    return { id, workflowId: entry.workflowId, phase, view, ageMs: ageOf(entry) };
  };
  return {
    expect: toStart.add,
    begin(job, workflowId) {
      toStart.drop(workflowId);
      live.set(job.id, { job, workflowId, runningSince: undefined });
    },
    end({ id, workflowId, kind, isFresh }) {
      const entry = live.get(id);
      if (entry === undefined) toStart.drop(workflowId);
      live.delete(id);
      ends[kind] += 1;
      if (entry === undefined || !isFresh || kind === 'left') return;
      durations.set(workflowId, withDuration(durations.get(workflowId) ?? noDurations, ageOf(entry)));
    },
    close(count) {
      total = count;
    },
    snapshot() {
      const jobs = [...live].map(([id, entry]) => look(id, entry));
      const waiting = jobs.filter((job) => job.phase !== 'person' && !isWithServer(job));
      const running = jobs.filter(isWithServer).map(({ workflowId, ageMs }) => ({ workflowId, ageMs }));
      return {
        counts: { total, ...ends, toStart: toStart.total(), phases: phasesOf(jobs) },
        jobs,
        rest: { durations, running, toStart: toStart.withWaiting(waiting) },
      };
    },
  };
}
