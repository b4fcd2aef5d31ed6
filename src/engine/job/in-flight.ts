/** Counts pending promises, so that `detach` can wait until nothing is left. */
export interface InFlight {
  track<Value>(work: Promise<Value>): Promise<Value>;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
}

/** A class instead of closures: a lane has one for each of ten thousand waiting jobs. */
class Counter implements InFlight {
  #count = 0;
  #waiting: (() => void)[] | undefined;

  track<Value>(work: Promise<Value>): Promise<Value> {
    this.#count += 1;
    const done = (): void => this.#done();
    work.then(done, done);
    return work;
  }

  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }

  #done(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }
}

export const createInFlight = (): InFlight => new Counter();
