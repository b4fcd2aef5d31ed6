import type { Clock } from '../binding/clock.js';

const clocks = new WeakMap<object, Clock>();

/** @internal Remembers by which clock a job goes, where somebody has to move that clock. */
export function rememberClock(job: object, clock: Clock | undefined): void {
  if (clock?.work !== undefined) clocks.set(job, clock);
}

/** @internal The clock of a handle; undefined where it goes by itself. */
export const clockOf = (job: object): Clock | undefined => clocks.get(job);
