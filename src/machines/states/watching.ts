import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { knownReading } from '../reading/known-reading.js';
import { followBranches, leadsTo, learn } from './following.js';
import { crashBranch, refusedBranch } from './letting-go.js';
import { failureBranches } from './waits.js';

/** Law 3, never early: no job's status is read more than once in 2 s ("Step 6: Poll for Status"), counted from the last reply. */
export const POLL_INTERVAL_MS = 2_000;

/** The earliest time of the next read (epoch ms, law 3, never early). */
export const nextReadAt = (lastReadAt: number | undefined): number =>
  lastReadAt === undefined ? 0 : lastReadAt + POLL_INTERVAL_MS;

/** The states in which a reading may change nothing. */
type Quiet = 'confirming' | 'executing' | undefined;

const nextRead =
  (quiet: Quiet) =>
  ({ context }: { context: JobContext }) => ({
    jobSpecId: context.jobSpecId ?? '',
    notBefore: nextReadAt(context.lastReadAt),
    known: quiet === undefined ? undefined : knownReading(context, quiet),
  });

/** Polling the status, shared by several states. A reading older than the state we know changes nothing. */
export const watchingStates = (quiet: Quiet) => ({
  awaitingTurn: jobSetup.createStateConfig({
    description:
      'Until the status may be read: 2 s after the last read at the earliest, later if the budget of the key asks for it. A host may look ahead, and stay here while nothing changes.',
    invoke: {
      src: 'pollTurn',
      input: nextRead(quiet),
      onDone: [refusedBranch, { target: 'reading' }],
      onError: crashBranch,
    },
  }),
  reading: jobSetup.createStateConfig({
    description: 'The status is being read.',
    tags: ['in-flight'],
    invoke: {
      src: 'getStatus',
      input: ({ context }) => ({ jobSpecId: context.jobSpecId ?? '' }),
      onDone: [
        { guard: leadsTo('isStale'), target: 'awaitingTurn', actions: learn('status') },
        {
          guard: leadsTo('isSuspect'),
          target: quiet === 'executing' ? 'readingAgain' : 'refreshingVersion',
          actions: [...learn('status'), 'forgetInterruption'],
        },
        ...followBranches('status', 'reading'),
        ...failureBranches('reading'),
      ],
      onError: crashBranch,
    },
  }),
});
