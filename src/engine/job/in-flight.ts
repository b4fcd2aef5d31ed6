/** Counts pending work, so that `detach` can wait until nothing is left. */
export interface InFlight {
  /** Work has begun; it must be reported to `ended` once. */
  begun(): void;
  ended(): void;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
}

/** A class instead of closures: a lane has one for each of ten thousand waiting jobs. */
class Counter implements InFlight {
  #count = 0;
  #waiting: (() => void)[] | undefined;

  begun(): void {
    this.#count += 1;
  }

  ended(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }

  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }
}

export const createInFlight = (): InFlight => new Counter();
