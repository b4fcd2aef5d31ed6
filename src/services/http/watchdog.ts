/** A signal that aborts with the caller's, or by itself when nothing has moved for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Something moved: the time starts again. */
  feed(): void;
  /** The other side is not awaited now: the time stands still until the next `feed`. */
  pause(): void;
  /** Ends the watch; `abort` also ends what is watched. */
  stop(): void;
  abort(): void;
}

/**
 * Watches for `ms` without a `feed`; then aborts with `failure()` as the reason. Never fed, it is a deadline.
 * One timer however often it is fed: a transfer feeds it with every chunk.
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
    else timer = setTimeout(look, isPaused ? ms : left);
  };
  const stop = (): void => {
    clearTimeout(timer);
    parent?.removeEventListener('abort', onAbort);
  };
  if (parent?.aborted) onAbort();
  else {
    parent?.addEventListener('abort', onAbort, { once: true });
    if (ms > 0 && Number.isFinite(ms)) timer = setTimeout(look, ms);
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
