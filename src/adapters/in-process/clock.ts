/** Time as this adapter needs it; tests and simulations bring their own. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back once at or after `at` (epoch ms); returns what cancels it. */
  schedule(at: number, callback: () => void): () => void;
}

/** `setTimeout` fires at once beyond 2^31 - 1 ms: longer waits are made of steps. */
const LONGEST_STEP_MS = 2_000_000_000;
/** A laptop that slept wakes up with a timer that is late by the night; short steps notice the time that has passed. */
const STEP_MS = 60_000;

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, callback) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const step = (): void => {
      const left = at - Date.now();
      if (left <= 0) callback();
      else timer = setTimeout(step, Math.min(left, STEP_MS, LONGEST_STEP_MS));
    };
    timer = setTimeout(step, Math.max(0, Math.min(at - Date.now(), STEP_MS)));
    return () => clearTimeout(timer);
  },
};

/** A time that no clock reaches: the wait ends only with its signal, and holds no timer. */
export const NEVER = Number.MAX_SAFE_INTEGER;

const abortReason = (signal: AbortSignal): Error => {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('This wait was aborted', 'AbortError');
};

/** Resolves at or after `at` (epoch ms); rejects when the signal aborts. Leaves no timer and no listener behind. */
export function waitUntil(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    const onAbort = (): void => {
      cancel();
      reject(abortReason(signal));
    };
    const cancel =
      at >= NEVER
        ? () => undefined
        : clock.schedule(at, () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
