// Taken before a test puts fake timers in their place.
const { setImmediate: soon, setTimeout: later, clearTimeout: never } = globalThis;

/** One turn of the event loop: by then everything has happened that needs no I/O. */
export const turn = (): Promise<void> => new Promise((resolve) => soon(resolve));

export interface RealPause {
  readonly over: Promise<void>;
  cancel(): void;
}

/** Real time, in ms, whatever clock a test has. */
export function realPause(ms: number): RealPause {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = later(resolve, ms);
  });
  return { over, cancel: () => never(timer) };
}
