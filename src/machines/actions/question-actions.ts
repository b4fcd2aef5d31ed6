import type { Failure } from '../../services/failure.js';
import type { JobEcho, SlotValue } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import { firstFew, shortName } from '../first-few.js';
import type { ContextPatch, JobContext } from '../job-context.js';
import { missingSlots, type Question, withSubmission } from '../question/question.js';
import { withRefusal } from '../question/slot-refusal.js';
import { patchFromConfirm, patchFromFill } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

const wishesOf = (question: Question): string[] => [
  ...missingSlots(question).map((slotId) => `slot ${shortName(slotId)}: a value is needed`),
  ...question.fieldErrors.map(({ field, message }) =>
    field === '' ? message : `slot ${shortName(field)}: ${message}`,
  ),
  ...question.conflicts.map(
    ({ slotId, ours, theirs }) =>
      `slot ${shortName(slotId)}: another actor gave ${shortName(JSON.stringify(theirs))} where ${shortName(JSON.stringify(ours))} was intended`,
  ),
];

function inputNeeded({ question }: JobContext): Failure {
  const findings = firstFew(question === undefined ? [] : wishesOf(question));
  return {
    kind: 'invalid-input',
    message: `input is needed: ${findings.join('; ')}`,
    advice: 'Give the values and resume the same job.',
    delivery: 'not-sent',
    findings,
  };
}

/**
 * Record what happens while slots are filled ("Step 4: Fill Required Slots") and at checkpoints ("Step 7: Interactive
 * Checkpoints").
 */
export const questionActions = {
  noteInputNeeded: ({ context }: WithContext): ContextPatch => ({ failure: inputNeeded(context) }),
  takeAnswers: (
    { context }: WithContext,
    { slots }: { readonly slots: Readonly<Record<string, SlotValue>> },
  ): ContextPatch =>
    context.question === undefined ? {} : { question: withSubmission(context.question, slots) },
  noteSentVersion: ({ context }: WithContext): ContextPatch => ({ sentVersion: context.itemVersion }),
  learnFilled: ({ context }: WithContext, reply: Reply<JobEcho>): ContextPatch =>
    reply.ok ? patchFromFill(context, reply.value) : {},
  /** A 422 on slots goes back to the person with the field errors. The typed values are kept. */
  noteRefusedSlots({ context }: WithContext, reply: Reply<unknown>): ContextPatch {
    if (reply.ok || context.question === undefined) return {};
    const { failure } = reply;
    return {
      failure,
      ...withRefusal(context.input, context.turns, context.question, failure.fieldErrors ?? []),
    };
  },
  /** Another actor keeps changing our answers. Wait longer each time before reading the job again. */
  pauseInContest: ({ context }: WithContext, reply: Reply<unknown>): ContextPatch => ({
    interrupted: 'readingAgain',
    waitUntil: reply.at + 1_000 * Math.min(30, context.fills),
  }),
};

/** Record the outcome of the confirm ("Step 5: Confirm & Start Execution"). */
export const confirmActions = {
  allowStart: (): ContextPatch => ({ startAllowed: true }),
  learnConfirmed: ({ context }: WithContext, reply: Reply<JobEcho>): ContextPatch =>
    reply.ok ? patchFromConfirm(context, reply.value, reply.at) : {},
  /** An earlier confirm worked: wait until the job shows it. */
  learnConfirmedBefore: ({ context }: WithContext, reply: Reply<unknown>): ContextPatch =>
    patchFromConfirm(context, {}, reply.at),
  /** The reply to this confirm was lost. If the next confirm is refused as an invalid transition, the first one worked. */
  noteIfPerhapsConfirmed: ({ context: { question } }: WithContext, reply: Reply<unknown>): ContextPatch =>
    question !== undefined &&
    !reply.ok &&
    reply.failure.delivery === 'unknown' &&
    reply.failure.kind !== 'invalid-transition'
      ? { question: { ...question, wasConfirmed: true } }
      : {},
};
