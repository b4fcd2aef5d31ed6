import type { JobEmitted } from '../../../machines/job-events.js';
import type { NumberedEvent } from '../messages.js';

/** The stored events of a job, enough for a client that was disconnected. Plain JSON. */
export interface EventLog {
  readonly last: number;
  readonly events: readonly NumberedEvent[];
}

/** More events than a job usually has. */
const KEPT = 100;

/** Of each of these types only the newest event is useful. */
const SUPERSEDED: ReadonlySet<JobEmitted['type']> = new Set([
  'uploadProgress',
  'downloadProgress',
  'progress',
]);

export const emptyLog: EventLog = { last: 0, events: [] };

/** Appends an event of the time `at` (epoch ms). Removes older progress events of its type. */
export function logged(log: EventLog, event: JobEmitted, at: number): EventLog {
  const last = log.last + 1;
  const kept = SUPERSEDED.has(event.type) ? log.events.filter(({ type }) => type !== event.type) : log.events;
  return { last, events: [...kept, { ...event, seq: last, at }].slice(-KEPT) };
}
