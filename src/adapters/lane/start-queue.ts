/** A job that waits for its place. */
export interface Waiting {
  readonly jobId: string;
  /** Higher first. */
  readonly priority: number;
  /** Among equals, lower first. */
  readonly order: number;
}

/** Jobs in the order in which they may start. */
export interface StartQueue<Item extends Waiting> {
  readonly size: number;
  first(): Item | undefined;
  add(item: Item): void;
  remove(jobId: string): Item | undefined;
  list(): readonly Item[];
}

const isBefore = (a: Waiting, b: Waiting): boolean =>
  a.priority === b.priority ? a.order < b.order : a.priority > b.priority;

export function createStartQueue<Item extends Waiting>(): StartQueue<Item> {
  const items: Item[] = [];
  const find = (item: Waiting): number => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = items[middle];
      if (other !== undefined && isBefore(other, item)) low = middle + 1;
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
