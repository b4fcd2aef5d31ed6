import type { Clock } from '../binding/clock.js';
import type { SaveOutcome } from '../store/job-store.js';

/** Writes the newest state of one job, one write at a time, so that an older state never overwrites a newer one. */
export interface RecordWriter {
  /** In the next turn of the event loop, or with an earlier flush: a change that leads to an effect is one write with it. */
  writeSoon(): void;
  /** Within about a second; an earlier write for another reason includes it. */
  writeLazily(): void;
  /** Resolves when the current state is written, or will be written again later. Rejects if the job must not continue without it. */
  flush(effect: boolean): Promise<void>;
  /** Whether the store has the current state. */
  isCurrent(): boolean;
  /** The last write: retries for some seconds. False if the store still does not have the state. */
  finish(): Promise<boolean>;
  /** Stops all writes. */
  stop(): void;
}

export interface RecordWriterOptions {
  /** Stores the current state. An `unsaved` state is written again, after growing pauses. */
  readonly write: (effect: boolean) => Promise<SaveOutcome>;
  /** A background write has failed. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
  /** How long a lazy write may be delayed, in ms. */
  readonly lazyMs: number;
  /** The job continues exactly as it is stored. */
  readonly isStored: boolean;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Pauses between the attempts of the last write; each attempt also waits for a lock. */
const LAST_PAUSES_MS = [1_000, 2_000] as const;

/** Requests another write as long as the state is not stored. */
function createRetry(clock: Clock, again: () => void) {
  let pauseMs = FIRST_PAUSE_MS;
  let cancel: (() => void) | undefined;
  const forget = (): void => {
    cancel?.();
    cancel = undefined;
  };
  return {
    forget,
    learn(outcome: SaveOutcome): void {
      if (outcome !== 'unsaved') {
        pauseMs = FIRST_PAUSE_MS;
        return;
      }
      cancel ??= clock.schedule(clock.now() + pauseMs, () => {
        cancel = undefined;
        again();
      });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    },
  };
}

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(clock.now() + ms, resolve);
  });

async function untilStored(write: () => Promise<SaveOutcome>, clock: Clock): Promise<boolean> {
  for (const ms of LAST_PAUSES_MS) {
    if ((await write()) !== 'unsaved') return true;
    await pause(clock, ms);
  }
  return (await write()) !== 'unsaved';
}

/** Whether something must still be written: it was requested, is under way or has failed. */
class Debt {
  #isOwed: boolean;
  #underWay = 0;

  constructor(isOwed: boolean) {
    this.#isOwed = isOwed;
  }

  get isPaid(): boolean {
    return !this.#isOwed && this.#underWay === 0;
  }

  owe(): void {
    this.#isOwed = true;
  }

  /** What was requested so far is part of the write that begins. Resolves once it has ended. */
  async pay(write: () => Promise<SaveOutcome>): Promise<SaveOutcome> {
    this.#isOwed = false;
    this.#underWay += 1;
    let outcome: SaveOutcome = 'unsaved';
    try {
      outcome = await write();
    } finally {
      if (outcome === 'unsaved') this.#isOwed = true;
      this.#underWay -= 1;
    }
    return outcome;
  }
}

export function createRecordWriter(options: RecordWriterOptions): RecordWriter {
  const { write, onFailure, clock, lazyMs } = options;
  const debt = new Debt(!options.isStored);
  let tail: Promise<unknown> = Promise.resolve();
  let cancelSoon: (() => void) | undefined;
  let cancelLazy: (() => void) | undefined;
  let isStopped = false;
  /** The write that starts now covers all earlier requests. */
  const forgetRequests = (): void => {
    cancelSoon?.();
    cancelLazy?.();
    cancelSoon = undefined;
    cancelLazy = undefined;
    retry.forget();
  };
  const enqueue = (effect: boolean): Promise<SaveOutcome> => {
    const done = tail.then(async (): Promise<SaveOutcome> => {
      if (isStopped) return 'unchanged';
      forgetRequests();
      const outcome = await debt.pay(() => write(effect));
      if (!isStopped) retry.learn(outcome);
      return outcome;
    });
    tail = done.catch(() => undefined);
    return done;
  };
  const writeSoon = (): void => {
    if (cancelSoon !== undefined || isStopped) return;
    debt.owe();
    const turn = setImmediate(() => enqueue(false).catch(onFailure));
    cancelSoon = () => clearImmediate(turn);
  };
  const retry = createRetry(clock, writeSoon);
  return {
    writeSoon,
    writeLazily() {
      if (cancelSoon !== undefined || isStopped) return;
      debt.owe();
      cancelLazy ??= clock.schedule(clock.now() + lazyMs, () => {
        cancelLazy = undefined;
        writeSoon();
      });
    },
    isCurrent: () => debt.isPaid,
    async flush(effect) {
      await enqueue(effect);
    },
    finish: () => untilStored(() => enqueue(false), clock),
    stop() {
      isStopped = true;
      forgetRequests();
    },
  };
}
