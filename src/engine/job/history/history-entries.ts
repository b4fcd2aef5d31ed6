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
const TICK = /\.(awaitingTurn|reading)$/;

const lifecycleIn = (path: string): string => path.split('.', 1)[0] ?? path;

/**
 * Whether a change to a state path has an entry of its own. Of the steps that repeat while a job is watched, each has one until the
 * job enters another step.
 * @param before the paths of the entries so far, oldest first; the newest two suffice
 */
export function isNewMove(before: readonly string[], path: string): boolean {
  if (before.at(-1) === path) return false;
  if (!TICK.test(path)) return true;
  const ofWatch = (entered: string): boolean =>
    TICK.test(entered) && lifecycleIn(entered) === lifecycleIn(path);
  const other = before.findLastIndex((entered) => !ofWatch(entered));
  return !before.slice(other + 1).includes(path);
}

/** Makes the entries for changes of state, in order; undefined if there is none for a change. */
export function createMoves(): (
  path: string,
  itemVersion: number | undefined,
  at: number,
) => NewHistoryEntry | undefined {
  let recent: readonly string[] = [];
  return (path, itemVersion, at) => {
    if (!isNewMove(recent, path)) return undefined;
    recent = [...recent.slice(-1), path];
    return { at, type: 'moved', about: defined({ path, itemVersion }) };
  };
}
