/**
 * Tells of what has lasted for `ms` without an end. All of it lasts equally long, so that the first that began is the first overdue and one
 * timer does for all: a timer of its own for each request is a good part of what a small request costs.
 */
export class SharedTimeouts<Item extends object> {
  readonly #ms: number;
  readonly #onOverdue: (item: Item) => void;
  /** When each is overdue, by a clock that only goes forward; first begun, first here. */
  readonly #dueAt = new Map<Item, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ms 0 or no finite number: nothing is ever overdue */
  constructor(onOverdue: (item: Item) => void, ms: number) {
    this.#ms = ms;
    this.#onOverdue = onOverdue;
  }

  begin(item: Item): void {
    if (!(this.#ms > 0 && Number.isFinite(this.#ms))) return;
    this.#dueAt.set(item, performance.now() + this.#ms);
    this.#timer ??= setTimeout(this.#look, this.#ms);
  }

  end(item: Item): void {
    if (!this.#dueAt.delete(item) || this.#dueAt.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const [item, dueAt] of this.#dueAt) {
      if (dueAt > now) {
        this.#timer = setTimeout(this.#look, dueAt - now);
        return;
      }
      this.#dueAt.delete(item);
      this.#onOverdue(item);
    }
  };
}
