import type { Clock } from '../../src/engine/binding/clock.js';

/** Time for one job on real HTTP: it advances by itself, and every wait is over at once because time jumps to its end. */
export function virtualTime(): Clock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  return {
    now,
    schedule(at, callback) {
      const timer = setImmediate(() => {
        ahead += Math.max(0, at - now());
        callback();
      });
      return () => clearImmediate(timer);
    },
  };
}

/**
 * Time that runs `speed` times as fast, for a client and a server that share it. Unlike {@link virtualTime} it jumps to no timer's end,
 * so timers beside the job (heartbeats, time limits of requests) keep their places, and the server's rate limits open as the client expects.
 */
export function scaledTime(speed: number): Clock {
  const start = Date.now();
  const begun = performance.now();
  const now = (): number => start + (performance.now() - begun) * speed;
  return {
    now,
    schedule(at, callback) {
      const timer = setTimeout(callback, Math.ceil(Math.max(0, at - now()) / speed));
      return () => clearTimeout(timer);
    },
  };
}
