import type { JobContext, Question } from '../../src/machines/index.js';
import type { Snapshot } from './environment.js';

/** The calls whose setbacks can still matter in a lifecycle state. */
const LIVE: Readonly<Record<string, RegExp>> = {
  preparing: /validating|queued|uploading|creating|attaching/,
  downloading: /locating|saving/,
};
const IN_BETWEEN = /filling|sending|refreshingVersion|reading/;
const GUARDED = /filling|sending/;

/** `judge` compares attempts with `maxAttempts`, and for PATCH and confirm with three: beyond, they are all alike. */
function attemptsOf({ setbacks, retry }: JobContext, lifecycle: string): unknown {
  const live = LIVE[lifecycle] ?? IN_BETWEEN;
  return Object.entries(setbacks)
    .filter(([call]) => live.test(call))
    .map(([call, { attempts }]) => [
      call,
      Math.min(attempts, GUARDED.test(call) ? 3 : Math.max(1, retry.maxAttempts - 1)),
    ])
    .sort();
}

const questionOf = (question: Question | undefined): unknown =>
  question && [
    question.checkpoint?.checkpointId ?? null,
    question.slots.length,
    question.values,
    question.held,
    question.fieldErrors.length > 0,
    question.conflicts.length > 0,
    question.uncertain,
    question.wasConfirmed === true,
    question.refusedConfirms ?? 0,
    question.hasUnknownSlots === true,
  ];

/** Versions are only ever compared with the one that is held: which number it is makes no difference. */
const isHeld = (version: number | undefined, { itemVersion }: JobContext): boolean =>
  version !== undefined && version === itemVersion;

/** The call that a re-read was made for; `interrupted` alone may be a memory of long ago. */
const troubledCall = ({ interrupted, setbacks }: JobContext): string | null =>
  (interrupted === 'filling' || interrupted === 'sending') && setbacks[interrupted] !== undefined
    ? interrupted
    : null;

/** Stale readings count to five while watching, and to twelve while re-reading. */
const MOST_STALE = 12;

function inBetween(context: JobContext, path: string): unknown {
  const { answered, turns, startAllowed, itemVersion, versionDoubted, interrupted, metCheckpoint } = context;
  const isWaiting = /backingOff|rateLimited/.test(path);
  return [
    questionOf(context.question),
    itemVersion !== undefined,
    versionDoubted,
    metCheckpoint,
    isHeld(context.refusedVersion, context),
    answered && [isHeld(answered.itemVersion, context), questionOf(answered.question)],
    Math.min(context.staleReadings, MOST_STALE),
    Math.min(context.fills, 2),
    context.input.confirm === 'manual' && startAllowed,
    Object.entries(turns).map(([slotId, turn]) => [slotId, Math.min(turn, 2)]),
    isWaiting ? interrupted : troubledCall(context),
    path.includes('refreshingVersion') && isHeld(context.sentVersion, context),
  ];
}

function preparing(context: JobContext): unknown {
  const { uploads, reuploads, jobSpecId, interrupted, itemVersion, statusWord, failure, mayExist } = context;
  return [
    uploads.map((upload) => upload !== null),
    Math.min(reuploads, 1),
    jobSpecId !== undefined,
    // A job of which no more than its name is known, and one that may have been created: each is detached in its own way.
    statusWord !== undefined,
    failure?.kind === 'outcome-unknown',
    mayExist,
    interrupted,
    itemVersion !== undefined,
    questionOf(context.question),
  ];
}

/** What can matter to the future of a job, and nothing else: no texts, no times, and what only another lifecycle state reads is left out. */
export function keyOf(snapshot: Snapshot): string {
  const { value, status, context } = snapshot;
  if (status !== 'active')
    return JSON.stringify([value, status, context.detachReason, context.failure?.kind]);
  const path = JSON.stringify(value);
  const lifecycle = typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');
  const attempts = attemptsOf(context, lifecycle);
  if (lifecycle === 'downloading') return path + JSON.stringify([attempts, context.interrupted]);
  const rest = lifecycle === 'preparing' ? preparing(context) : inBetween(context, path);
  return path + JSON.stringify([attempts, rest]);
}
