import type { JobEmitted } from '../../../machines/job-events.js';
import type { NumberedEvent } from '../messages.js';

/** The events of a job that are kept: enough for a client that was away. Plain JSON. */
export interface EventLog {
  readonly last: number;
  readonly events: readonly NumberedEvent[];
}

/** More than a job has, unless it goes wrong for long. */
const KEPT = 100;

/** Of these only the newest tells anything. */
const SUPERSEDED: ReadonlySet<JobEmitted['type']> = new Set([
  'uploadProgress',
  'downloadProgress',
  'progress',
]);

export const emptyLog: EventLog = { last: 0, events: [] };

/** The log with one more event, told at `at` (epoch ms). Progress that is overtaken is left out. */
export function logged(log: EventLog, event: JobEmitted, at: number): EventLog {
  const last = log.last + 1;
  const kept = SUPERSEDED.has(event.type) ? log.events.filter(({ type }) => type !== event.type) : log.events;
  return { last, events: [...kept, { ...event, seq: last, at }].slice(-KEPT) };
}
