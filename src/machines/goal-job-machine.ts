import { createJobContext, type JobContext } from './job-context.js';
import type { JobInput } from './job-input.js';
import { jobResult } from './job-result.js';
import { jobSetup } from './job-setup.js';
import { NEVER } from './ports.js';
import { confirming } from './states/confirming.js';
import { downloading } from './states/downloading.js';
import { executing } from './states/executing.js';
import { crashBranches, refusedBranches } from './states/letting-go.js';
import { pending } from './states/pending.js';
import { preparing } from './states/preparing.js';
import { slotNeeded } from './states/slot-needed.js';

/** Detaches a job when its deadline has passed. */
const deadline = {
  id: 'deadline',
  src: 'waitUntil',
  input: ({ context }: { context: JobContext }) => ({ at: context.input.deadlineAt ?? NEVER }),
  onDone: [...refusedBranches, { target: '.detached', actions: { type: 'noteDetach', params: 'max-wait' } }],
  onError: crashBranches,
} as const;

const createJobMachine = (invoke: readonly (typeof deadline)[]) =>
  jobSetup.createMachine({
    id: 'goalJob',
    description:
      'A Convilyn goal job: prepare, fill slots, confirm, watch, answer checkpoints, fetch the result.',
    context: ({ input }) => createJobContext(input),
    output: ({ context }) => jobResult(context),
    initial: 'preparing',
    invoke,
    on: { DETACH: { target: '.detached', actions: { type: 'noteDetach', params: 'requested' } } },
    states: {
      preparing,
      pending,
      confirming,
      executing,
      slot_needed: slotNeeded,
      downloading,
      completed: {
        type: 'final',
        description: 'The result is there.',
        entry: [{ type: 'noteOutcome', params: 'completed' }, 'announceCompleted'],
      },
      failed: {
        type: 'final',
        description: 'The API says that the job failed, or no job came to be (law 7).',
        entry: [{ type: 'noteOutcome', params: 'failed' }, 'announceFailed'],
      },
      detached: {
        type: 'final',
        description:
          'Ours: the host has stopped driving the job. It continues on the server, because the API has no cancel.',
        entry: [{ type: 'noteOutcome', params: 'detached' }, 'announceDetached'],
      },
    },
  });

/**
 * One Convilyn goal job, from local files to a saved result. The top-level states are the API's own status words ("Step 6: Poll
 * for Status", "Step 7: Interactive Checkpoints") and three of our own: `preparing`, `downloading` and `detached`. It does no
 * I/O: every call, file access and wait is a named promise actor that the host provides.
 */
export const goalJobMachine = createJobMachine([deadline]);

/**
 * The same chart for a job without a deadline. The actor that waits for a deadline would take a tenth of the memory of a waiting
 * job.
 */
const machineWithoutDeadline = createJobMachine([]);

/** Returns the machine that runs a job with this input. Both machines have the same states, events and snapshots. */
export const machineFor = ({ deadlineAt }: Pick<JobInput, 'deadlineAt'>): GoalJobMachine =>
  deadlineAt === undefined ? machineWithoutDeadline : goalJobMachine;

type Machine = typeof goalJobMachine;

/** A name for the type of the machine, so that declarations which use it stay readable. */
export interface GoalJobMachine extends Machine {}
