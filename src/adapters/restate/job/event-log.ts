import { isNewMove } from '../../../engine/job/history/history-entries.js';
import type { JobEmitted } from '../../../machines/job-events.js';
import type { NumberedEvent, NumberedMove } from '../messages.js';

/** The stored events of a job, enough for a client that was disconnected. Plain JSON. */
export interface EventLog {
  readonly last: number;
  readonly events: readonly NumberedEvent[];
  /** Absent in a job that an older release has stored. */
  readonly moves?: readonly NumberedMove[];
}

/** More events than a job usually has. */
const KEPT = 100;

/** The newest changes of state; short, because they are stored with each step. */
const KEPT_MOVES = 60;

/** Of each of these types only the newest event is useful. */
const SUPERSEDED: ReadonlySet<JobEmitted['type']> = new Set([
  'uploadProgress',
  'downloadProgress',
  'progress',
]);

export const emptyLog: EventLog = { last: 0, events: [], moves: [] };

/** Appends an event of the time `at` (epoch ms). Removes older progress events of its type. */
export function logged(log: EventLog, event: JobEmitted, at: number): EventLog {
  const last = log.last + 1;
  const kept = SUPERSEDED.has(event.type) ? log.events.filter(({ type }) => type !== event.type) : log.events;
  return { ...log, last, events: [...kept, { ...event, seq: last, at }].slice(-KEPT) };
}

/**
 * Whether a job asks what to do about a create of which the sender of a command, who has seen the job up to a number, has not
 * heard yet. Law 1, never twice: what was decided about an earlier one, and was sent again or is late, decides nothing about this one.
 */
export const asksAnew = ({ events }: EventLog, seen: number): boolean =>
  events.some(({ type, seq }) => type === 'outcomeUnknown' && seq > seen);

/** The first steps of a job are taken before a reply has said what time it is. */
const timed = (log: EventLog, at: number): EventLog =>
  log.moves?.some(([, known]) => known === 0)
    ? { ...log, moves: log.moves.map(([seq, known, path]) => [seq, known || at, path]) }
    : log;

/**
 * Appends a change of state, numbered among the events.
 * @param at epoch ms; 0 while it is unknown: the next change has it
 */
export function loggedMove(given: EventLog, path: string, at: number): EventLog {
  const log = timed(given, at);
  const { moves = [] } = log;
  const before = moves.slice(-2).map(([, , entered]) => entered);
  if (!isNewMove(before, path)) return log;
  const last = log.last + 1;
  return { ...log, last, moves: [...moves, [last, at, path] as const].slice(-KEPT_MOVES) };
}
