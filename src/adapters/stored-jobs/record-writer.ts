import type { Clock } from '../in-process/clock.js';

/** Writes the newest state of one job, one write at a time, so that no older state ever overwrites a newer one. */
export interface RecordWriter {
  /** As soon as the write before it is done; further requests until then are the same one. */
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
  let isQueued = false;
  let isStopped = false;
  let cancelLazy: (() => void) | undefined;
  const forgetLazy = (): void => {
    cancelLazy?.();
    cancelLazy = undefined;
  };
  const enqueue = (effect: boolean): Promise<void> => {
    const done = tail.then(async () => {
      isQueued = false;
      if (isStopped) return;
      forgetLazy();
      await write(effect);
    });
    tail = done.catch(() => undefined);
    return done;
  };
  const soon = (): void => {
    if (isQueued || isStopped) return;
    isQueued = true;
    enqueue(false).catch(onFailure);
  };
  return {
    soon,
    whenever() {
      if (isQueued || isStopped) return;
      cancelLazy ??= clock.schedule(clock.now() + lazyMs, () => {
        cancelLazy = undefined;
        soon();
      });
    },
    flush: (effect) => enqueue(effect),
    stop() {
      isStopped = true;
      forgetLazy();
    },
  };
}
