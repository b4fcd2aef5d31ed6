// Read before a test replaces them with fake timers.
const { setImmediate: soon, setTimeout: later, clearTimeout: never } = globalThis;

/** Real time in ms, from an arbitrary start. */
export const realNow = performance.now.bind(performance);

/** One turn of the event loop: afterwards everything that needs no I/O has happened. */
export const turn = (): Promise<void> => new Promise((resolve) => soon(resolve));

export interface RealPause {
  readonly over: Promise<void>;
  cancel(): void;
}

/** Waits in real time (ms), even in a test with another clock. */
export function realPause(ms: number): RealPause {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = later(resolve, ms);
  });
  return { over, cancel: () => never(timer) };
}
