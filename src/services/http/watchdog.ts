import { LONGEST_MS } from '../check-numbers.js';

/** A signal that aborts with the caller's, or when nothing has moved for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Something moved: restart the time. */
  feed(): void;
  /** The other side is not expected to act now: stop the time until the next `feed`. */
  pause(): void;
  /** Ends the watch; `abort` also aborts the watched work. */
  stop(): void;
  abort(): void;
}

/**
 * Aborts after `ms` without a `feed`, with `failure()` as the reason. If never fed, it is a deadline. It uses one timer, however
 * often it is fed: a transfer feeds it with every chunk.
 */
export function createWatchdog(parent: AbortSignal | undefined, ms: number, failure: () => Error): Watchdog {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent?.reason);
  let fedAt = performance.now();
  let isPaused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const left = fedAt + ms - performance.now();
    if (!isPaused && left <= 0) controller.abort(failure());
    else timer = setTimeout(look, Math.min(isPaused ? ms : left, LONGEST_MS));
  };
  const stop = (): void => {
    clearTimeout(timer);
    parent?.removeEventListener('abort', onAbort);
  };
  if (parent?.aborted) onAbort();
  else {
    parent?.addEventListener('abort', onAbort, { once: true });
    timer = setTimeout(look, Math.min(ms, LONGEST_MS));
  }
  return {
    signal: controller.signal,
    feed() {
      fedAt = performance.now();
      isPaused = false;
    },
    pause() {
      isPaused = true;
    },
    stop,
    abort() {
      stop();
      controller.abort();
    },
  };
}
