import type { Clock } from '../in-process/clock.js';

/** Writes the newest state of one job, one write at a time, so that no older state ever overwrites a newer one. */
export interface RecordWriter {
  /** In the next turn of the event loop, or with whatever is flushed before: news that leads to an effect is one write with it. */
  soon(): void;
  /** Within a second or so; a write that comes earlier for another reason takes it along. */
  whenever(): void;
  /** Resolves when the state as it is now is written. Rejects if it cannot be. */
  flush(effect: boolean): Promise<void>;
  /** Writes nothing any more. */
  stop(): void;
}

export interface RecordWriterOptions {
  /** Stores the state as it is when called. */
  readonly write: (effect: boolean) => Promise<void>;
  /** A write that nobody waits for has failed. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
  /** How long a lazy write may wait, in ms. */
  readonly lazyMs: number;
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
  };
  const enqueue = (effect: boolean): Promise<void> => {
    const done = tail.then(async () => {
      if (isStopped) return;
      forgetRequests();
      await write(effect);
    });
    tail = done.catch(() => undefined);
    return done;
  };
  const soon = (): void => {
    if (cancelSoon !== undefined || isStopped) return;
    const turn = setImmediate(() => enqueue(false).catch(onFailure));
    cancelSoon = () => clearImmediate(turn);
  };
  return {
    soon,
    whenever() {
      if (cancelSoon !== undefined || isStopped) return;
      cancelLazy ??= clock.schedule(clock.now() + lazyMs, () => {
        cancelLazy = undefined;
        soon();
      });
    },
    flush: (effect) => enqueue(effect),
    stop() {
      isStopped = true;
      forgetRequests();
    },
  };
}
