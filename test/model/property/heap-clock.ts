import type { Clock } from '../../../src/engine/binding/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  callback: () => void;
  isGone: boolean;
}

export interface HeapClock extends Clock {
  /** Timers that wait. */
  pending(): number;
  /** Timers that have fired so far. */
  fired(): number;
  /** Lets every promise settle. */
  settle(): Promise<void>;
  /** Goes from timer to timer until `done` says so, nothing is left to wait for, or a time (epoch ms) or a number of timers is passed. */
  runUntil(done: () => boolean, limit: { readonly at: number; readonly timers: number }): Promise<void>;
}

const nothing = (): void => undefined;

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function createHeap() {
  const heap: Timer[] = [];
  const at = (index: number): Timer => {
    const timer = heap[index];
    if (timer === undefined) throw new RangeError('outside the heap');
    return timer;
  };
  const swap = (a: number, b: number): void => {
    const held = at(a);
    heap[a] = at(b);
    heap[b] = held;
  };
  const sink = (): void => {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (left < heap.length && isBefore(at(left), at(first))) first = left;
      if (right < heap.length && isBefore(at(right), at(first))) first = right;
      if (first === index) return;
      swap(index, first);
      index = first;
    }
  };
  return {
    push(timer: Timer): void {
      heap.push(timer);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!isBefore(at(index), at(parent))) return;
        swap(index, parent);
        index = parent;
      }
    },
    clear(): void {
      heap.length = 0;
    },
    pop(): Timer | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}

/** One turn of the event loop: by then every promise and every stream that needs no I/O has settled. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Virtual time for many thousands of timers: it moves only from timer to timer, one turn of the event loop each. */
export function createHeapClock(start: number): HeapClock {
  const heap = createHeap();
  let [now, order, pending, fired] = [start, 0, 0, 0];
  /** What is not awaited must not be held: a leak check looks at the heap. */
  const forget = (timer: Timer): void => {
    timer.isGone = true;
    timer.callback = nothing;
    pending -= 1;
    if (pending === 0) heap.clear();
  };
  const nextTimer = (): Timer | undefined => {
    let timer = heap.pop();
    while (timer?.isGone) timer = heap.pop();
    return timer;
  };
  return {
    now: () => now,
    schedule(at, callback) {
      const timer: Timer = { at: Math.max(at, now), order, callback, isGone: false };
      order += 1;
      pending += 1;
      heap.push(timer);
      return () => {
        if (!timer.isGone) forget(timer);
      };
    },
    pending: () => pending,
    fired: () => fired,
    settle,
    async runUntil(done, limit) {
      const last = fired + limit.timers;
      await settle();
      while (!done() && now < limit.at && fired < last) {
        const timer = nextTimer();
        if (timer === undefined) return;
        const { at, callback } = timer;
        forget(timer);
        fired += 1;
        now = at;
        callback();
        await settle();
      }
    },
  };
}
