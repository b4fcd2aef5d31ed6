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

  function settle(item: Item, at: number): void {
    items[at] = item;
    item.slot = at;
  }

  function rise(item: Item, from: number): number {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || parent.due <= item.due) break;
      settle(parent, at);
      at = above;
    }
    settle(item, at);
    return at;
  }

  function sink(item: Item, from: number): void {
    let at = from;
    for (;;) {
      const left = items[2 * at + 1];
      const right = items[2 * at + 2];
      const lesser = right !== undefined && left !== undefined && right.due < left.due ? right : left;
      if (lesser === undefined || lesser.due >= item.due) break;
      const below = lesser.slot;
      settle(lesser, at);
      at = below;
    }
    settle(item, at);
  }

  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    place(item) {
      const at = item.slot < 0 ? items.length : item.slot;
      if (rise(item, at) === at) sink(item, at);
    },
    remove(item) {
      if (item.slot < 0) return;
      const at = item.slot;
      const last = items.pop();
      item.slot = -1;
      if (last === undefined || last === item) return;
      if (rise(last, at) === at) sink(last, at);
    },
  };
}
