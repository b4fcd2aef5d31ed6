/** What is true on the server, and what the host has said so far: all that decides where the real job must stand. */
export interface Truth {
  /** How the job was started. */
  readonly variant: string;
  /** The job on the server; `starting` and `resuming` last until time passes. */
  readonly job: 'none' | 'pending' | 'filled' | 'starting' | 'paused' | 'answered' | 'resuming' | 'done';
  /** We hold a value for the open question. */
  readonly isTyped: boolean;
  /** A person must look at the values again: refused, or another actor's. */
  readonly isDisputed: boolean;
  /** CONFIRM was said. */
  readonly isAllowed: boolean;
  /** We have confirmed: the server may be behind. */
  readonly isConfirmed: boolean;
  /** The time of the last status read, or of the confirm, is known: the next read is due 2 s later. */
  readonly hasRead: boolean;
  /** Where a wait, or a re-read that finds nothing changed, goes back to. */
  readonly back: string;
  /** What a re-read will find: the job as it was, though a call was refused; or news. */
  readonly found: 'news' | 'unchanged' | 'unchanged, though a confirm was invalid';
  /** The job has been seen at work. */
  readonly isSeenAtWork: boolean;
  /** Moves that were no part of a smooth run. */
  readonly wrongs: number;
}

export const nothingYet: Truth = {
  variant: '',
  job: 'none',
  isTyped: false,
  isDisputed: false,
  isAllowed: false,
  isConfirmed: false,
  hasRead: false,
  back: '',
  found: 'news',
  isSeenAtWork: false,
  wrongs: 0,
};

type News = Partial<Truth>;
/** In the order in which they are asked. */
export type Cases = readonly (readonly [when: (truth: Truth) => boolean, target: string])[];

const always = (): boolean => true;
const holdsAnswer = ({ job }: Truth): boolean => job === 'filled' || job === 'answered';
const needsPerson = (truth: Truth): boolean => truth.isDisputed || (!holdsAnswer(truth) && !truth.isTyped);
const isAlone = ({ variant }: Truth): boolean => variant.includes('WITHOUT_PERSON');
const isPending = ({ job }: Truth): boolean => job === 'pending' || job === 'filled';
const isPaused = ({ job }: Truth): boolean => job === 'paused' || job === 'answered';
const both =
  (...conditions: readonly ((truth: Truth) => boolean)[]) =>
  (truth: Truth): boolean =>
    conditions.every((condition) => condition(truth));

const whenOpen = (isOpen: (truth: Truth) => boolean, lifecycle: string): Cases => [
  [both(isOpen, needsPerson, isAlone), 'detached'],
  [both(isOpen, needsPerson), `${lifecycle}/awaitingSlots`],
  [both(isOpen, (truth) => !holdsAnswer(truth)), `${lifecycle}/filling`],
];

/** A confirm was invalid, and still the question is open: perhaps it was started, and does not know it yet. */
export const isWatched = (truth: Truth): boolean => holdsAnswer(truth) && truth.isConfirmed;

/** Where a job goes whose truth is known. */
export const toTruth: Cases = [
  ...whenOpen(isPending, 'pending'),
  [
    both(isPending, ({ variant, isAllowed }) => variant === 'START_WITH_MANUAL_CONFIRM' && !isAllowed),
    'pending/awaitingConfirm',
  ],
  [isPending, 'confirming/sending'],
  [({ job }) => job === 'starting', 'confirming/reading'],
  ...whenOpen(isPaused, 'slot_needed'),
  [isPaused, 'confirming/sending'],
  [({ job }) => job === 'resuming', 'executing/reading'],
  [always, 'downloading/locating'],
];

export const only = (target: string): Cases => [[always, target]];

/** Emulated work is fast: any time at all brings it to where it stops next. */
export const timePassed = ({ job }: Truth): News => ({
  job: job === 'starting' ? 'paused' : job === 'resuming' ? 'done' : job,
});

export const filled = ({ job }: Truth): News => ({ job: job === 'pending' ? 'filled' : 'answered' });

export const confirmed = ({ job }: Truth): News => ({
  job: job === 'filled' ? 'starting' : 'resuming',
  isTyped: false,
  isDisputed: false,
  isConfirmed: true,
});
