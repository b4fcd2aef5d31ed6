import type { Clock } from '../binding/clock.js';

const clocks = new WeakMap<object, Clock>();

/** @internal Remembers the clock of a job if it is one that has to be moved. */
export function rememberClock(job: object, clock: Clock | undefined): void {
  if (clock?.work !== undefined) clocks.set(job, clock);
}

/** @internal The clock of a handle; undefined if it advances by itself. */
export const clockOf = (job: object): Clock | undefined => clocks.get(job);
