import type { JobPorts } from '../../machines/ports.js';
import { type Clock, systemClock, waitUntil } from './clock.js';

/** The ports for turns and time, for a job that shares its budget with no other. */
export const timePorts = (
  clock: Clock = systemClock,
): Pick<JobPorts, 'startTurn' | 'waitUntil' | 'pollTurn'> => ({
  startTurn: async () => undefined,
  waitUntil: ({ at }, { signal }) => waitUntil(clock, at, signal),
  pollTurn: ({ notBefore }, { signal }) => waitUntil(clock, notBefore, signal),
});
