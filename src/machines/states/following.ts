import type { JobStatus } from '../../services/wire/wire-types.js';
import type { Replied } from '../branch-params.js';
import type { Reading } from '../reading/classify-reading.js';

type HasRead = Replied<Reading>;

/** The target state for each status word, with the guard that recognises it. */
const ways = [
  ['saysPending', '#goalJob.pending'],
  ['saysConfirming', '#goalJob.confirming.awaitingTurn'],
  ['saysExecuting', '#goalJob.executing'],
  ['saysSlotNeeded', '#goalJob.slot_needed'],
  ['saysCompleted', '#goalJob.downloading'],
  ['saysFailed', '#goalJob.failed'],
] as const satisfies readonly (readonly [string, `#goalJob.${JobStatus | 'downloading'}${string}`])[];

type ReadingGuard = (typeof ways)[number][0] | 'isStale' | 'isSuspect';

/** `inDoubt`: our memory of answered questions is in doubt, and the reading is believed. */
export const leadsTo = <Guard extends ReadingGuard>(guard: Guard, inDoubt = false) => ({
  type: guard,
  params: ({ event }: HasRead) => ({ reply: event.output, inDoubt }),
});

type ReadCall = 'attaching' | 'readingAgain' | 'reading';

/**
 * Emits the events of a reading and records it. `call`: the call that succeeded, whose setback is forgotten in the same action: XState
 * makes a new snapshot for each, at a twentieth of what a poll with news costs.
 */
export const learn = (source: 'job' | 'status', inDoubt = false, call?: ReadCall) => {
  const params = ({ event }: HasRead) => ({ reply: event.output, source, inDoubt, call });
  return [
    { type: 'announceReading', params },
    { type: 'learnReading', params },
  ] as const;
};

/** Follows the job to the state that the server reports. `call` is the call that succeeded. */
export const followBranches = (source: 'job' | 'status', call: ReadCall, inDoubt = false) =>
  ways.map(([guard, target]) => ({
    guard: leadsTo(guard, inDoubt),
    target,
    actions: learn(source, inDoubt, call),
  }));
