/** Counts promises that are under way, so that letting go can wait until nothing is left behind. */
export interface InFlight {
  track<Value>(work: Promise<Value>): Promise<Value>;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];
  const done = (): void => {
    count -= 1;
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    track(work) {
      count += 1;
      work.then(done, done);
      return work;
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
