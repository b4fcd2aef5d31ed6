import {
  createVirtualClock as createClock,
  type VirtualClock as OfHosts,
} from '../../src/adapters/testing/index.js';

/**
 * The clock that hosts test with, blind for work under way: scripted ports hang on purpose, and those of the in-process emulator need no time
 * but its own.
 */
export type VirtualClock = Omit<OfHosts, 'work' | 'busy' | 'run'>;

export function createVirtualClock(startAt?: number): VirtualClock {
  const {
    work: _work,
    busy: _busy,
    run: _run,
    ...clock
  } = createClock(startAt === undefined ? {} : { startAt });
  return clock;
}
