/**
 * Tools for tests of a host: a virtual clock that waits for work, files and results in memory, and the emulated API without a
 * socket. Not exported: how the clock knows the work in flight.
 */
export type { FaultPlan, FaultRule } from '../emulator/index.js';
export {
  createTestEmulator,
  type NewMemoryJob,
  type TestEmulator,
  type TestEmulatorOptions,
  type TestHostOptions,
  type TestJobOptions,
} from './create-test-emulator.js';
export { type FileContent, memoryFiles } from './memory-files.js';
export type { MemoryResult } from './memory-results.js';
export { type AtRest, type RunToRestOptions, runToRest } from './run-to-rest.js';
export { createVirtualClock, type VirtualClock, type VirtualClockOptions } from './virtual-clock.js';
