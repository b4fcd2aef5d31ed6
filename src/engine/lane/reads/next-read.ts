import type { PollPick, PollScheduler } from './forecast/poll-scheduler.js';
import type { PollGovernor } from './poll-governor.js';

/** Which job to read next, and the time (epoch ms) at which the read may be sent. */
export interface NextRead {
  readonly id: string;
  readonly at: number;
}

const sendAt = (pick: PollPick, governor: PollGovernor, now: number, executing: number): number => {
  const due = Math.max(pick.dueAt, governor.nextSendAt(now, executing, 'due'));
  if (due <= now) return due;
  return Math.min(due, Math.max(pick.at, governor.nextSendAt(now, executing, 'early')));
};

/**
 * Combines which job and when: a due job may exceed the even pace, others wait until reads are saved. Undefined if there is
 * nothing to read.
 */
export function nextRead(
  scheduler: PollScheduler,
  governor: PollGovernor,
  now: number,
): NextRead | undefined {
  const pick = scheduler.next(now, governor.readsPerMs());
  if (pick === undefined) return undefined;
  return { id: pick.id, at: Math.max(pick.at, sendAt(pick, governor, now, scheduler.executing)) };
}
