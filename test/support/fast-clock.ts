import type { Clock } from '../../src/engine/binding/clock.js';

/** Time for one job on real HTTP: it goes on by itself, and every wait is over at once because time jumps to its end. */
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
