import type { JobContext } from '../../../machines/job-context.js';
import { missingSlots } from '../../../machines/question/question.js';
import { defined } from '../../../services/defined.js';
import { type Position, statePathOf } from '../../interpreter/position.js';
import type { JobWait, WaitReason } from '../source/job-view.js';

const WHY: Readonly<Record<WaitReason, string>> = {
  place: 'It waits for one of the places that the key has for jobs at once.',
  limit: 'A limit of the key is shut; nothing is sent before it opens.',
  try: 'A call failed in a way that may heal; it is tried once more.',
  're-read': 'The job may have been changed by somebody else; it is read again.',
  slots: 'Values are asked of a person.',
  confirm: 'A person says when it starts.',
  decision: 'It is not known whether the job was created; a person decides.',
  server: 'The server is at work.',
};

const BY_STEP: Readonly<Partial<Record<string, WaitReason>>> = {
  queued: 'place',
  rateLimited: 'limit',
  backingOff: 'try',
  refreshingVersion: 're-read',
  readingAgain: 're-read',
  awaitingSlots: 'slots',
  awaitingConfirm: 'confirm',
  outcomeUnknown: 'decision',
  awaitingTurn: 'server',
  reading: 'server',
};

/** Waits that last until a time and return to a call. */
const TIMED: ReadonlySet<WaitReason> = new Set(['limit', 'try']);

function asked({ question }: JobContext): string {
  const names = question === undefined ? [] : missingSlots(question);
  return names.length === 0 ? WHY.slots : `Values are asked of a person: ${names.slice(0, 20).join(', ')}.`;
}

/** Why a job waits in a state; undefined while it is working. */
export const waitReasonOf = (value: Position['value']): WaitReason | undefined =>
  BY_STEP[statePathOf(value).step];

/** What a job waits for at a position; undefined while it is working. */
export function waitOf({ value, context }: Position): JobWait | undefined {
  const reason = waitReasonOf(value);
  if (reason === undefined) return undefined;
  const why = reason === 'slots' ? asked(context) : WHY[reason];
  if (!TIMED.has(reason)) return { for: reason, why };
  const { interrupted, setbacks, waitUntil } = context;
  const setback = interrupted && setbacks[interrupted];
  return {
    for: reason,
    why,
    ...defined({
      call: interrupted,
      attempt: setback && setback.attempts + 1,
      until: waitUntil,
      since: setback?.since,
    }),
  };
}
