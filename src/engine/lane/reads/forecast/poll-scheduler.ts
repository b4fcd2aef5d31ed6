import { POLL_INTERVAL_MS } from '../../../../machines/states/watching.js';
import { type Aged, AgeList } from './age-list.js';
import { forecastChange } from './change-estimator.js';
import { createDueHeap, type Due } from './due-heap.js';
import { timeToPrice } from './poll-index.js';
import { createProgressTrack, noteProgress, type ProgressTrack } from './progress-model.js';
import { addRun, EMPTY_HISTORY, type WorkflowHistory } from './workflow-history.js';

/** A job whose status is polled. */
export interface PolledJob {
  readonly id: string;
  /** Absent for an attached job: nothing is learned from it. */
  readonly workflowId?: string;
  /** Epoch ms at which this stretch of execution began (the confirm's reply); for an attached job, when it was first seen. */
  readonly startedAt: number;
  /** Epoch ms of the last read of this job, if any. */
  readonly lastReadAt?: number;
}

/** The part of a status reading that the scheduler needs; a `StatusReading` fits. */
export interface PollReading {
  readonly status: string;
  readonly progress?: number;
}

/** Which job to read, and the earliest time (epoch ms). */
export interface PollPick {
  readonly id: string;
  readonly at: number;
  /** Epoch ms, not before `at`: an earlier read is worth less than its price and should only use surplus reads. */
  readonly dueAt: number;
}

export interface PollSchedulerOptions {
  /** Returns the history of a workflow; called at the start and the end of a stretch of execution. */
  readonly loadHistory?: (workflowId: string) => WorkflowHistory | undefined;
  /** Called with the updated history at the end of a stretch of execution. */
  readonly saveHistory?: (workflowId: string, history: WorkflowHistory) => void;
  /** `round-robin` reads the job that was not read for longest, regardless of forecasts. Default `index`. */
  readonly order?: 'index' | 'round-robin';
}

/** Picks which job to read next. Each call costs O(log n) in the number of jobs. */
export interface PollScheduler {
  /** Known jobs, in flight or not. */
  readonly size: number;
  /** Those that have not changed their state since they were added. */
  readonly executing: number;
  /**
   * Adds a job, ready to be read. A job that was at a checkpoint continues with its next stretch. A known executing job is
   * unchanged.
   */
  add(job: PolledJob): void;
  remove(id: string): void;
  /** The read of the job was sent: it is not picked again before `ready`. */
  started(id: string, now: number): void;
  /** The result of the read. If the job changed its state, the scheduler learns from it and does not pick it again before `add`. */
  observe(id: string, reading: PollReading, now: number): void;
  /** The job may be picked again, at least 2 s after its last read and not before `notBefore` (epoch ms). Also after a lost read. */
  ready(id: string, now: number, notBefore?: number): void;
  /** The job to read next; undefined if there is none. `readsPerMs` is the pace that the budget allows. */
  next(now: number, readsPerMs: number): PollPick | undefined;
}

/** No job waits longer than this many rounds of all jobs, within these limits (ms). */
const MAX_ROUNDS = 2;
const LEAST_MAX_GAP_MS = 8_000;
const MOST_MAX_GAP_MS = 90_000;
/** For the initial price: jobs change about every two minutes, and each is read once per round. */
const TYPICAL_CHANGE_MS = 120_000;
/** How early (ms) jobs are read at the right price: among jobs that are about due, the order matters. */
const EARLY_TARGET_MS = 500;
const LATE_SCALE_MS = 2_000;

interface Entry extends Due, Aged<Entry> {
  readonly id: string;
  readonly workflowId: string | undefined;
  history: WorkflowHistory | undefined;
  segment: number;
  startedAt: number;
  track: ProgressTrack;
  /** Epoch ms of the last read, or of the start. */
  readAt: number;
  /** Epoch ms before which it may not be picked. */
  eligibleAt: number;
  lastProgress: number;
  paused: boolean;
}

class Scheduler implements PollScheduler {
  readonly #options: PollSchedulerOptions;
  readonly #entries = new Map<string, Entry>();
  /** Ready entries, longest unread first. */
  readonly #byAge = new AgeList<Entry>();
  readonly #byDue = createDueHeap<Entry>();
  /** Price of a read relative to a plain round; adjusted so that about as many jobs become due as can be read. */
  #priceFactor = 1;
  #pace = 1 / 1_000;
  #executing = 0;
  /** The entry of the last pick: it is started next, and need not be looked up among 10,000 again. */
  #picked: Entry | undefined;

  constructor(options: PollSchedulerOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get executing(): number {
    return this.#executing;
  }

  add(job: PolledJob): void {
    const known = this.#entries.get(job.id);
    if (known !== undefined && !known.paused) return;
    const entry = createEntry(job, known, this.#options.loadHistory);
    this.#entries.set(job.id, entry);
    this.#executing += 1;
    this.#enqueue(entry, job.startedAt);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#dequeue(entry);
    if (!entry.paused) this.#executing -= 1;
    this.#entries.delete(id);
  }

  started(id: string, now: number): void {
    const picked = this.#picked;
    const entry = picked?.id === id && picked.slot >= 0 ? picked : this.#entries.get(id);
    if (entry === undefined || entry.slot < 0) return;
    this.#adjustPrice(entry, now);
    this.#dequeue(entry);
  }

  observe(id: string, reading: PollReading, now: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.paused) return;
    if (hasChanged(reading.status)) {
      if (reading.status !== 'failed') this.#learn(entry, now);
      this.#dequeue(entry);
      entry.paused = true;
      this.#executing -= 1;
    } else noteProgress(entry.track, now - entry.startedAt, reading.progress);
    entry.lastProgress = reading.progress ?? entry.lastProgress;
    entry.readAt = now;
  }

  ready(id: string, now: number, notBefore = now): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.paused) return;
    this.#enqueue(entry, notBefore);
  }

  next(now: number, readsPerMs: number): PollPick | undefined {
    if (readsPerMs > 0 && Number.isFinite(readsPerMs)) this.#pace = readsPerMs;
    const oldest = this.#byAge.oldest();
    const due = this.#byDue.first();
    const next = pick(now, oldest, due, maxGapMs(this.#roundMs()));
    this.#picked = next?.id === oldest?.id ? oldest : due;
    return next;
  }

  #roundMs(): number {
    return Math.max(this.#executing / this.#pace, POLL_INTERVAL_MS);
  }

  #enqueue(entry: Entry, notBefore: number): void {
    entry.eligibleAt = Math.max(entry.readAt + POLL_INTERVAL_MS, notBefore);
    entry.due = Math.max(entry.eligibleAt, this.#dueAt(entry));
    this.#byAge.add(entry);
    this.#byDue.place(entry);
  }

  #dueAt(entry: Entry): number {
    if (this.#options.order === 'round-robin') return entry.readAt;
    const history = entry.history?.segments[entry.segment];
    const forecast = forecastChange(entry.readAt - entry.startedAt, history, entry.track);
    const round = this.#roundMs();
    const price = (this.#priceFactor * round * round) / (2 * TYPICAL_CHANGE_MS);
    return entry.readAt + timeToPrice(forecast, price, POLL_INTERVAL_MS, maxGapMs(round));
  }

  #dequeue(entry: Entry): void {
    this.#byAge.remove(entry);
    this.#byDue.remove(entry);
  }

  /** A job read later than that shows that the price is too low; one read earlier, that it is too high. */
  #adjustPrice(entry: Entry, now: number): void {
    const late = (now - entry.due + EARLY_TARGET_MS) / LATE_SCALE_MS;
    const gain = Math.min(0.1, 2 / Math.max(this.#executing, 1));
    const factor = this.#priceFactor * Math.exp(gain * Math.min(Math.max(late, -1), 1));
    this.#priceFactor = Math.min(Math.max(factor, 1e-4), 1e4);
  }

  #learn(entry: Entry, now: number): void {
    const { loadHistory, saveHistory } = this.#options;
    if (entry.workflowId === undefined || saveHistory === undefined) return;
    const durationMs = (entry.readAt + now) / 2 - entry.startedAt;
    const past = loadHistory?.(entry.workflowId) ?? EMPTY_HISTORY;
    const run = { segment: entry.segment, durationMs, guesses: entry.track.guesses };
    saveHistory(entry.workflowId, addRun(past, run));
  }
}

export const createPollScheduler = (options: PollSchedulerOptions = {}): PollScheduler =>
  new Scheduler(options);

const maxGapMs = (roundMs: number): number =>
  Math.min(Math.max(MAX_ROUNDS * roundMs, LEAST_MAX_GAP_MS), MOST_MAX_GAP_MS);

function createEntry(
  job: PolledJob,
  before: Entry | undefined,
  loadHistory: PollSchedulerOptions['loadHistory'],
): Entry {
  const workflowId = before?.workflowId ?? job.workflowId;
  return {
    id: job.id,
    workflowId,
    history: workflowId === undefined ? undefined : loadHistory?.(workflowId),
    segment: before === undefined ? 0 : before.segment + 1,
    startedAt: job.startedAt,
    track: createProgressTrack(before?.lastProgress),
    readAt: Math.max(job.lastReadAt ?? job.startedAt, before?.readAt ?? 0),
    eligibleAt: 0,
    lastProgress: before?.lastProgress ?? 0,
    paused: false,
    due: 0,
    slot: -1,
    older: undefined,
    younger: undefined,
  };
}

function hasChanged(status: string): boolean {
  return status === 'slot_needed' || status === 'completed' || status === 'failed';
}

/** A starving job first, then the first due one, then any that may be read. */
function pick(
  now: number,
  oldest: Entry | undefined,
  due: Entry | undefined,
  maxGapMs: number,
): PollPick | undefined {
  if (oldest === undefined || due === undefined) return undefined;
  const starvesAt = Math.max(oldest.eligibleAt, oldest.readAt + maxGapMs);
  if (starvesAt <= now) return { id: oldest.id, at: now, dueAt: now };
  const chosen = due.eligibleAt <= Math.max(now, oldest.eligibleAt) ? due : oldest;
  const at = Math.max(chosen.eligibleAt, now);
  return { id: chosen.id, at, dueAt: Math.max(at, Math.min(due.due, starvesAt)) };
}
