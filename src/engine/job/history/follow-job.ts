import { type Clock, wallTimeOf } from '../../binding/clock.js';
import type { Position } from '../../interpreter/position.js';
import type { ActorJobHandle } from '../job-handle.js';
import { statePath } from '../view/view-of.js';
import { createMoves, entryOfEvent, type NewHistoryEntry } from './history-entries.js';

/** Records what a job does from now on: its events and its changes of state. Returns what records a change that its actor does not show. */
export function followJob(
  handle: Pick<ActorJobHandle, 'actor' | 'on'>,
  clock: Clock,
  keep: (entry: NewHistoryEntry) => void,
): (position: Position) => void {
  const moved = createMoves();
  const record = (entry: NewHistoryEntry | undefined): void => {
    if (entry !== undefined) keep(entry);
  };
  // The actor's snapshots, not the handle's views: those are built on demand, and cost more.
  const see = ({ value, context }: Position): void => {
    record(moved(statePath(value), context.itemVersion, wallTimeOf(clock)));
  };
  see(handle.actor.getSnapshot());
  handle.actor.subscribe({ next: see, error: () => undefined });
  handle.on('*', (event) => record(entryOfEvent(event)));
  return see;
}
