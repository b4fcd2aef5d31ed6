const COMPACT_AT = 256;

/** The times at which something happened, oldest first, kept for as long as they matter. A class: a process may have a thousand lanes. */
export class TimeLog {
  #times: number[] = [];
  #head = 0;

  get length(): number {
    return this.#times.length - this.#head;
  }

  add(at: number): void {
    this.#times.push(at);
  }

  /** How many are at or after `since`. */
  countSince(since: number): number {
    return this.#times.length - this.#find(since);
  }

  forgetBefore(before: number): void {
    this.#drop(this.#find(before) - this.#head);
  }

  /** Removes and returns the oldest. */
  shift(): number | undefined {
    const at = this.oldest();
    if (at !== undefined) this.#drop(1);
    return at;
  }

  oldest(): number | undefined {
    return this.#times[this.#head];
  }

  /** Moves every time, after the clock was set. */
  moveBy(ms: number): void {
    this.#times = this.#times.slice(this.#head).map((at) => at + ms);
    this.#head = 0;
  }

  #drop(count: number): void {
    this.#head += count;
    if (this.#head < COMPACT_AT || this.#head * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#head);
    this.#head = 0;
  }

  /** Position of the first time at or after `since`. */
  #find(since: number): number {
    let low = this.#head;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? since) < since) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
