interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Timers sorted by their times; those with equal times are in the order of their creation. */
export interface TimerQueue {
  /** Returns a function that removes the timer. */
  add(at: number, callback: () => void): () => void;
  next(): Timer | undefined;
  remove(timer: Timer): void;
  readonly size: number;
}

export function createTimerQueue(): TimerQueue {
  const timers = new Set<Timer>();
  let order = 0;
  const isBefore = (one: Timer, other: Timer | undefined): boolean =>
    other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order);
  return {
    add(at, callback) {
      order += 1;
      const timer = { at, order, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    next() {
      let first: Timer | undefined;
      for (const timer of timers) if (isBefore(timer, first)) first = timer;
      return first;
    },
    remove: (timer) => void timers.delete(timer),
    get size() {
      return timers.size;
    },
  };
}
