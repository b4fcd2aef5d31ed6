/** An item of a {@link DueHeap}. The heap owns `slot`: its index, or -1 outside. */
export interface Due {
  /** Epoch ms. */
  due: number;
  slot: number;
}

/** A binary heap by `due` in which an item can be moved or removed in O(log n), because it knows its index. */
export interface DueHeap<Item extends Due> {
  readonly size: number;
  first(): Item | undefined;
  /** Adds the item, or moves it after its `due` changed. */
  place(item: Item): void;
  remove(item: Item): void;
}

export function createDueHeap<Item extends Due>(): DueHeap<Item> {
  const items: Item[] = [];
  // The times of `items`, side by side: comparing them then reads no item, each of which is a cache miss among 10,000.
  const dues: number[] = [];

  function settle(item: Item, due: number, at: number): void {
    items[at] = item;
    dues[at] = due;
    item.slot = at;
  }

  function rise(item: Item, due: number, from: number): number {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      const parentDue = dues[above] ?? due;
      if (parent === undefined || parentDue <= due) break;
      settle(parent, parentDue, at);
      at = above;
    }
    settle(item, due, at);
    return at;
  }

  /** The index of the lesser item below; undefined if there is none. */
  function lesserBelow(at: number): number | undefined {
    const left = 2 * at + 1;
    const leftDue = dues[left];
    if (leftDue === undefined) return undefined;
    const rightDue = dues[left + 1];
    return rightDue !== undefined && rightDue < leftDue ? left + 1 : left;
  }

  function sink(item: Item, due: number, from: number): void {
    let at = from;
    for (let below = lesserBelow(at); below !== undefined; below = lesserBelow(at)) {
      const lesser = items[below];
      const lesserDue = dues[below] ?? due;
      if (lesser === undefined || lesserDue >= due) break;
      settle(lesser, lesserDue, at);
      at = below;
    }
    settle(item, due, at);
  }

  function settleFrom(item: Item, due: number, at: number): void {
    if (rise(item, due, at) === at) sink(item, due, at);
  }

  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    place(item) {
      settleFrom(item, item.due, item.slot < 0 ? items.length : item.slot);
    },
    remove(item) {
      if (item.slot < 0) return;
      const at = item.slot;
      const last = items.pop();
      const due = dues.pop();
      item.slot = -1;
      if (last === undefined || due === undefined || last === item) return;
      settleFrom(last, due, at);
    },
  };
}
