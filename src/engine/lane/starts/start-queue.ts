import type { QueuePlace } from '../../store/record/job-record.js';

/** A job that waits for its place. */
export interface Waiting extends QueuePlace {
  readonly jobId: string;
}

/** Jobs in the order in which they may start; of those that stand alike, who came first. */
export interface StartQueue<Item extends Waiting> {
  readonly size: number;
  first(): Item | undefined;
  add(item: Item): void;
  remove(jobId: string): Item | undefined;
  list(): readonly Item[];
}

/** Negative where `a` may start before `b`. */
export const compareInQueue = (a: QueuePlace, b: QueuePlace): number =>
  b.priority - a.priority || a.order - b.order;

export function createStartQueue<Item extends Waiting>(): StartQueue<Item> {
  const items: Item[] = [];
  /** Behind all that stand alike. */
  const find = (item: Waiting): number => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = items[middle];
      if (other !== undefined && compareInQueue(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    add: (item) => void items.splice(find(item), 0, item),
    remove(jobId) {
      const at = items.findIndex((item) => item.jobId === jobId);
      return at < 0 ? undefined : items.splice(at, 1)[0];
    },
    list: () => items,
  };
}
