/** The times of an event, oldest first, kept as long as needed. */
export interface TimeLog {
  readonly length: number;
  add(at: number): void;
  /** The number of times at or after `since`. */
  countSince(since: number): number;
  forgetBefore(before: number): void;
  /** Removes and returns the oldest. */
  shift(): number | undefined;
  oldest(): number | undefined;
  /** Shifts all times, after the clock was set. */
  moveBy(ms: number): void;
}

const COMPACT_AT = 256;

export function createTimeLog(): TimeLog {
  let times: number[] = [];
  let head = 0;

  function drop(count: number): void {
    head += count;
    if (head < COMPACT_AT || head * 2 < times.length) return;
    times = times.slice(head);
    head = 0;
  }

  /** Index of the first time at or after `since`. */
  function find(since: number): number {
    let low = head;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? since) < since) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get length() {
      return times.length - head;
    },
    add: (at) => void times.push(at),
    countSince: (since) => times.length - find(since),
    forgetBefore: (before) => drop(find(before) - head),
    shift() {
      const at = times[head];
      if (at !== undefined) drop(1);
      return at;
    },
    oldest: () => times[head],
    moveBy(ms) {
      times = times.slice(head).map((at) => at + ms);
      head = 0;
    },
  };
}
