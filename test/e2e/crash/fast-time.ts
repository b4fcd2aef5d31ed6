/**
 * Makes a process live faster: its clock and its short timers run so many times as fast, all processes of a test alike. A job whose
 * status is read every 2 s is then over in a second. Long timers (time-outs of requests) keep real time, for the network does.
 */
const SCALE = Number(process.env.CRASH_TIME_SCALE ?? '1');
const BASE = Number(process.env.CRASH_TIME_BASE ?? '0');
const LONGEST_SCALED_MS = 35_000;
/** In which a request must be answered, whatever else the machine does meanwhile. */
const REQUEST_TIMEOUT_MS = 30_000;

const realNow = Date.now.bind(Date);

/** Epoch ms of the fast clock. */
export const fastNow = (): number => Math.floor(BASE + (realNow() - BASE) * SCALE);

const isScaled = (ms: number): boolean => ms <= LONGEST_SCALED_MS && ms !== REQUEST_TIMEOUT_MS;

/** From now on this process knows no other time. */
export function liveFast(): void {
  const realSetTimeout = globalThis.setTimeout;
  const fast = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    realSetTimeout(callback, isScaled(ms) ? ms / SCALE : ms, ...args);
  globalThis.setTimeout = Object.assign(fast, realSetTimeout);
  Date.now = fastNow;
  // A wait of the product ends by the clock that only goes forward: were that slow, each would take its real time.
  const monotonic = performance.now.bind(performance);
  performance.now = () => monotonic() * SCALE;
}
