import type { Clock } from '../binding/clock.js';
import type { SaveOutcome } from '../store/job-store.js';

/** Writes the newest state of one job, one write at a time, so that no older state ever overwrites a newer one. */
export interface RecordWriter {
  /** In the next turn of the event loop, or with whatever is flushed before: a change that leads to an effect is one write with it. */
  writeSoon(): void;
  /** Within a second or so; a write that comes earlier for another reason takes it along. */
  writeLazily(): void;
  /** Resolves when the state as it is now is written, or is to be written again later. Rejects if it may not be gone on without. */
  flush(effect: boolean): Promise<void>;
  /** The last write: tries again for some seconds. False where the store still does not hold the state. */
  finish(): Promise<boolean>;
  /** Writes nothing any more. */
  stop(): void;
}

export interface RecordWriterOptions {
  /** Stores the state as it is when called. What is `unsaved` is written again, after pauses that grow. */
  readonly write: (effect: boolean) => Promise<SaveOutcome>;
  /** A write that nobody waits for has failed. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
  /** How long a lazy write may wait, in ms. */
  readonly lazyMs: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Between the tries of the last write, each of which waits for a lock by itself. */
const LAST_PAUSES_MS = [1_000, 2_000] as const;

/** Asks for another write as long as the state is not stored. */
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

export function createRecordWriter({ write, onFailure, clock, lazyMs }: RecordWriterOptions): RecordWriter {
  let tail: Promise<unknown> = Promise.resolve();
  let cancelSoon: (() => void) | undefined;
  let cancelLazy: (() => void) | undefined;
  let isStopped = false;
  /** What was asked for is in the write that begins now. */
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
      const outcome = await write(effect);
      if (!isStopped) retry.learn(outcome);
      return outcome;
    });
    tail = done.catch(() => undefined);
    return done;
  };
  const writeSoon = (): void => {
    if (cancelSoon !== undefined || isStopped) return;
    const turn = setImmediate(() => enqueue(false).catch(onFailure));
    cancelSoon = () => clearImmediate(turn);
  };
  const retry = createRetry(clock, writeSoon);
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(clock.now() + ms, resolve);
    });
  return {
    writeSoon,
    writeLazily() {
      if (cancelSoon !== undefined || isStopped) return;
      cancelLazy ??= clock.schedule(clock.now() + lazyMs, () => {
        cancelLazy = undefined;
        writeSoon();
      });
    },
    async flush(effect) {
      await enqueue(effect);
    },
    async finish() {
      for (const ms of LAST_PAUSES_MS) {
        if ((await enqueue(false)) !== 'unsaved') return true;
        await pause(ms);
      }
      return (await enqueue(false)) !== 'unsaved';
    },
    stop() {
      isStopped = true;
      forgetRequests();
    },
  };
}
