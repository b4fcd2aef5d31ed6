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

class Heap<Item extends Due> implements DueHeap<Item> {
  readonly #items: Item[] = [];
  // The times of the items, side by side: comparing them then reads no item, each of which is a cache miss among 10,000.
  readonly #dues: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  first(): Item | undefined {
    return this.#items[0];
  }

  place(item: Item): void {
    this.#settleFrom(item, item.due, item.slot < 0 ? this.#items.length : item.slot);
  }

  remove(item: Item): void {
    if (item.slot < 0) return;
    const at = item.slot;
    const last = this.#items.pop();
    const due = this.#dues.pop();
    item.slot = -1;
    if (last === undefined || due === undefined || last === item) return;
    this.#settleFrom(last, due, at);
  }

  #settleFrom(item: Item, due: number, at: number): void {
    if (this.#rise(item, due, at) === at) this.#sink(item, due, at);
  }

  #rise(item: Item, due: number, from: number): number {
    const items = this.#items;
    const dues = this.#dues;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      const parentDue = dues[above] ?? due;
      if (parent === undefined || parentDue <= due) break;
      this.#settle(parent, parentDue, at);
      at = above;
    }
    this.#settle(item, due, at);
    return at;
  }

  #sink(item: Item, due: number, from: number): void {
    const items = this.#items;
    const dues = this.#dues;
    let at = from;
    for (let below = lesserBelow(dues, at); below !== undefined; below = lesserBelow(dues, at)) {
      const lesser = items[below];
      const lesserDue = dues[below] ?? due;
      if (lesser === undefined || lesserDue >= due) break;
      this.#settle(lesser, lesserDue, at);
      at = below;
    }
    this.#settle(item, due, at);
  }

  #settle(item: Item, due: number, at: number): void {
    this.#items[at] = item;
    this.#dues[at] = due;
    item.slot = at;
  }
}

/** The index of the lesser item below; undefined if there is none. */
function lesserBelow(dues: readonly number[], at: number): number | undefined {
  const left = 2 * at + 1;
  const leftDue = dues[left];
  if (leftDue === undefined) return undefined;
  const rightDue = dues[left + 1];
  return rightDue !== undefined && rightDue < leftDue ? left + 1 : left;
}

export const createDueHeap = <Item extends Due>(): DueHeap<Item> => new Heap();
