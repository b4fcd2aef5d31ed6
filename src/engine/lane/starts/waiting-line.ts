/** Lets a few through at once, in order. */
export interface WaitingLine {
  through<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** @param width how many at once; asked each time, for it may change */
export function createWaitingLine(width: () => number): WaitingLine {
  const waiting: (() => void)[] = [];
  let inside = 0;

  function letIn(): void {
    while (inside < width()) {
      const next = waiting.shift();
      if (next === undefined) return;
      inside += 1;
      next();
    }
  }

  return {
    async through(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        letIn();
      });
      try {
        return await work();
      } finally {
        inside -= 1;
        letIn();
      }
    },
  };
}
