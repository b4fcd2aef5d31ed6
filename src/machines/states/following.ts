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

/** Emits the events of a reading and records it. */
export const learn = (source: 'job' | 'status', inDoubt = false) => {
  const params = ({ event }: HasRead) => ({ reply: event.output, source, inDoubt });
  return [
    { type: 'announceReading', params },
    { type: 'learnReading', params },
  ] as const;
};

/** Follows the job to the state that the server reports. `call` is the call that succeeded. */
export const followBranches = (
  source: 'job' | 'status',
  call: 'attaching' | 'readingAgain' | 'reading',
  inDoubt = false,
) =>
  ways.map(([guard, target]) => ({
    guard: leadsTo(guard, inDoubt),
    target,
    actions: [...learn(source, inDoubt), { type: 'forgetSetback', params: call }] as const,
  }));
