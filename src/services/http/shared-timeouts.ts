/**
 * Reports items that have not ended within `ms`. All have the same limit, so the oldest is due first and one timer serves all: a
 * timer per request is a large part of the cost of a small request.
 */
export class SharedTimeouts<Item extends object> {
  readonly #ms: number;
  readonly #onOverdue: (item: Item) => void;
  /** When each item is due, on a monotonic clock; oldest first. */
  #dueAt: Map<Item, number> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onOverdue: (item: Item) => void, ms: number) {
    this.#ms = ms;
    this.#onOverdue = onOverdue;
  }

  begin(item: Item): void {
    this.#dueAt ??= new Map();
    this.#dueAt.set(item, performance.now() + this.#ms);
    this.#timer ??= setTimeout(this.#look, this.#ms);
  }

  end(item: Item): void {
    if (this.#dueAt?.delete(item) !== true || this.#dueAt.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const [item, dueAt] of this.#dueAt ?? []) {
      if (dueAt > now) {
        this.#timer = setTimeout(this.#look, dueAt - now);
        return;
      }
      this.#dueAt?.delete(item);
      this.#onOverdue(item);
    }
  };
}
