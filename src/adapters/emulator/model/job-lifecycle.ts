import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { EmulatedCheckpoint, EmulatedSlot } from './workflow.js';
import type { Phase, RemoteJob } from './world.js';

export const isOver = (job: RemoteJob): boolean => job.phase === 'completed' || job.phase === 'failed';

/** The checkpoint that the job waits at. */
export const openCheckpoint = (job: RemoteJob): EmulatedCheckpoint | undefined =>
  job.phase === 'slot_needed' ? job.workflow.execution.checkpoints?.[job.nextCheckpoint] : undefined;

/** The slots that may be filled now, and their answers; undefined if none may be filled. */
export function openQuestion(
  job: RemoteJob,
): { readonly slots: readonly EmulatedSlot[]; readonly values: Map<string, SlotValue> } | undefined {
  if (job.phase === 'pending') return { slots: job.workflow.requiredSlots, values: job.values };
  const checkpoint = openCheckpoint(job);
  return checkpoint && { slots: checkpoint.slots, values: job.checkpointValues };
}

type Stop = { readonly at: number; readonly phase: 'slot_needed' | 'failed' | 'completed' };

/** Where the work stops next. */
function nextStop(job: RemoteJob): Stop {
  const { checkpoints, fails } = job.workflow.execution;
  const checkpoint = checkpoints?.[job.nextCheckpoint];
  const stops: Stop[] = [{ at: 1, phase: 'completed' }];
  if (fails) stops.unshift({ at: fails.at, phase: 'failed' });
  if (job.tweaks.failWith !== undefined) stops.unshift({ at: job.done, phase: 'failed' });
  if (checkpoint) stops.unshift({ at: Math.max(checkpoint.at, job.done), phase: 'slot_needed' });
  return stops.reduce((first, stop) => (stop.at < first.at ? stop : first));
}

/** Fraction of the work that is done at `now`, 0 to 1. */
export function workDone(job: RemoteJob, now: number): number {
  if (job.phase !== 'executing') return job.done;
  const ahead = job.durationMs === 0 ? 1 : (now - job.since) / job.durationMs;
  return Math.min(job.done + Math.max(0, ahead), nextStop(job).at, job.tweaks.stuckAt ?? 1);
}

interface Turn {
  readonly at: number;
  readonly phase: Phase;
  readonly done: number;
}

function nextTurn(job: RemoteJob): Turn | undefined {
  switch (job.phase) {
    case 'accepted':
      return { at: job.since + (job.tweaks.acceptedMs ?? 0), phase: 'confirming', done: job.done };
    case 'confirming': {
      const lasts = job.tweaks.confirmingMs ?? job.confirmingMs;
      return { at: job.since + lasts, phase: 'executing', done: job.done };
    }
    case 'executing': {
      const stop = nextStop(job);
      if (job.tweaks.stuckAt !== undefined && stop.at >= job.tweaks.stuckAt) return undefined;
      const at = job.since + Math.ceil((stop.at - job.done) * job.durationMs);
      return { at, phase: stop.phase, done: stop.at };
    }
    default:
      return undefined;
  }
}

function take(job: RemoteJob, turn: Turn): void {
  job.phase = turn.phase;
  job.since = turn.at;
  job.done = turn.done;
  if (turn.phase === 'slot_needed') {
    job.itemVersion += 1;
    job.checkpointValues.clear();
  }
  if (turn.phase === 'failed') job.error = job.tweaks.failWith ?? job.workflow.execution.fails?.error ?? '';
  if (isOver(job)) {
    job.endedAt = turn.at;
    job.key.running.delete(job);
  }
}

/** Advances a job to `now` through every change; `onTurn` is called just before each. */
export function advanceJob(job: RemoteJob, now: number, onTurn: (job: RemoteJob, at: number) => void): void {
  for (let turn = nextTurn(job); turn !== undefined && turn.at <= now; turn = nextTurn(job)) {
    onTurn(job, turn.at);
    take(job, turn);
  }
}

/**
 * Starts execution, or continues it after a checkpoint ("Step 5: Confirm & Start Execution" and "Step 7: Interactive
 * Checkpoints").
 */
export function confirmJob(job: RemoteJob, now: number): void {
  const checkpoint = openCheckpoint(job);
  const answers = checkpoint ? job.checkpointValues : job.values;
  for (const [slotId, value] of answers) {
    job.given.push({ slotId, value, ...(checkpoint ? { checkpointId: checkpoint.checkpointId } : {}) });
  }
  if (checkpoint) {
    const repeats = job.tweaks.repeatCheckpoint ?? 0;
    if (repeats > 0) job.tweaks.repeatCheckpoint = repeats - 1;
    else job.nextCheckpoint += 1;
  }
  const first = job.tweaks.acceptedMs === undefined ? 'confirming' : 'accepted';
  job.phase = checkpoint ? 'executing' : first;
  job.since = now;
}
