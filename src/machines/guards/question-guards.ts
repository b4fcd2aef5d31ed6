import type { WithContext } from '../branch-params.js';
import { needsPerson, unsentAnswers } from '../question/question.js';
import type { Reply } from '../reply.js';

/** After this many accepted PATCHes without progress, another actor or the server keeps undoing them. */
const FILLS_BEFORE_CONTEST = 3;

const isStuck = ({ context }: WithContext): boolean =>
  context.question !== undefined && needsPerson(context.question);

const wereRefused = (reply: Reply<unknown>): boolean => !reply.ok && reply.failure.kind === 'validation';

/** Guards for filling slots and confirming. */
export const questionGuards = {
  /** A re-read did not show which question is open. */
  questionIsUncertain: ({ context }: WithContext): boolean => context.question?.uncertain === true,
  questionIsUnknown: ({ context }: WithContext): boolean =>
    context.question === undefined || context.question.uncertain,
  needsPerson: isStuck,
  needsPersonButMustNotAsk: ({ context }: WithContext): boolean =>
    isStuck({ context }) && context.input.missingSlots === 'fail',
  versionIsUnknown: ({ context }: WithContext): boolean =>
    context.itemVersion === undefined ||
    context.versionDoubted ||
    context.itemVersion === context.refusedVersion,
  hasAnswersToSend: ({ context }: WithContext): boolean =>
    context.question !== undefined && unsentAnswers(context.question).length > 0,
  mustBeStartedByHost: ({ context }: WithContext): boolean =>
    context.input.confirm === 'manual' && !context.startAllowed,
  answersAreContested: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    reply.ok && context.fills + 1 >= FILLS_BEFORE_CONTEST,
  slotsWereRefused: (_: unknown, reply: Reply<unknown>): boolean => wereRefused(reply),
  slotsWereRefusedAtCheckpoint: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    wereRefused(reply) && context.question?.checkpoint !== undefined,
  /** If a second confirm is refused as an invalid transition, the first one worked. */
  wasConfirmedBefore: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    context.question?.wasConfirmed === true && !reply.ok && reply.failure.kind === 'invalid-transition',
};
