import { defined } from '../../../services/defined.js';
import type { JobHandleEvent } from '../job-handle.js';
import type { HistoryEntry } from '../source/lane-source.js';

/** An entry before the store has numbered it. */
export type NewHistoryEntry = Omit<HistoryEntry, 'seq'>;

type About = HistoryEntry['about'];

/** Texts of the server may be long. */
const MOST_LETTERS = 200;
const short = (text: string | undefined): string | undefined => text?.slice(0, MOST_LETTERS);

/**
 * The details of an event from an allow-list: names and numbers; no values, previews, paths or URLs. Undefined: the event is not
 * recorded.
 */
function aboutEvent(event: JobHandleEvent): About | undefined {
  switch (event.type) {
    case 'uploadProgress':
    case 'downloadProgress':
      return undefined;
    case 'created':
      return defined({ jobSpecId: event.jobSpecId, itemVersion: event.itemVersion });
    case 'progress':
      return defined({
        status: short(event.status),
        progress: event.progress,
        currentStep: short(event.currentStep),
      });
    case 'checkpoint':
      return defined({ checkpointId: event.checkpoint.checkpointId, itemVersion: event.itemVersion });
    case 'inputNeeded':
      return {
        slots: short(event.request.missing.join(', ')) ?? '',
        errors: event.request.fieldErrors.length,
      };
    case 'rateLimited':
      return { call: event.call, until: event.until, kind: event.failure.kind };
    case 'retrying':
      return { call: event.call, attempt: event.attempt, until: event.until, kind: event.failure.kind };
    case 'conflictResolved':
      return defined({ itemVersion: event.itemVersion });
    case 'completed':
      return defined({ bytes: event.saved?.bytes, sha256: event.saved?.sha256 });
    case 'failed':
    case 'outcomeUnknown':
      return { kind: event.failure.kind };
    case 'detached':
      return { reason: event.reason };
    case 'confirmNeeded':
      return {};
  }
}

/** The entry for an event; undefined if it is not recorded. */
export function entryOfEvent(event: JobHandleEvent): NewHistoryEntry | undefined {
  const about = aboutEvent(event);
  return about && { at: event.at, type: event.type, about };
}

/** Steps that a watched job enters every two seconds. */
const TICKS = /\.(awaitingTurn|reading)$/;

/** The entry for a change of state; undefined if the job only reads its status. */
export function entryOfMove(
  before: string,
  path: string,
  itemVersion: number | undefined,
  at: number,
): NewHistoryEntry | undefined {
  const from = before.replace(TICKS, '');
  const to = path.replace(TICKS, '');
  return from === to ? undefined : { at, type: 'moved', about: defined({ path: to, itemVersion }) };
}
