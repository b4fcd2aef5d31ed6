import type { Failure } from '../../services/failure.js';
import type { JobEcho } from '../../services/wire/wire-types.js';
import { firstFew, shortName } from '../first-few.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { missingSlots, needsPerson, unsentAnswers, withSubmission } from '../question/question.js';
import { withRefusal } from '../question/slot-refusal.js';
import { learnFilled } from '../reading/news.js';
import type { Reply } from '../reply.js';
import { crashBranch, noteDetach } from './letting-go.js';
import { failureBranches, reReadBranch } from './waits.js';

type WithContext = { readonly context: JobContext };
type ContextAndEcho = WithContext & { readonly event: { readonly output: Reply<JobEcho> } };

const isStuck = ({ context }: WithContext): boolean =>
  context.question !== undefined && needsPerson(context.question);
const nobodyIsThere = ({ context }: WithContext): boolean =>
  isStuck({ context }) && context.input.missingSlots === 'fail';
const versionIsUnknown = ({ context }: WithContext): boolean =>
  context.itemVersion === undefined ||
  context.versionDoubted ||
  context.itemVersion === context.refusedVersion;
const hasAnswersToSend = ({ context }: WithContext): boolean =>
  context.question !== undefined && unsentAnswers(context.question).length > 0;

/** A re-read for its own sake: no call waits behind it to be repeated. */
export const forgetInterruption = {
  type: 'note' as const,
  params: (): Partial<JobContext> => ({ interrupted: undefined }),
};

const noteInputNeeded = {
  type: 'noteFailure' as const,
  params: ({ context }: WithContext): Failure => {
    const question = context.question;
    const all =
      question === undefined
        ? []
        : [
            ...missingSlots(question).map((slotId) => `slot ${shortName(slotId)}: a value is needed`),
            ...question.fieldErrors.map(({ field, message }) =>
              field === '' ? message : `slot ${shortName(field)}: ${message}`,
            ),
            ...question.conflicts.map(
              ({ slotId, ours, theirs }) =>
                `slot ${shortName(slotId)}: another actor gave ${shortName(JSON.stringify(theirs))} where ${shortName(JSON.stringify(ours))} was meant`,
            ),
          ];
    const findings = firstFew(all);
    return {
      kind: 'invalid-input',
      message: `input is needed: ${findings.join('; ')}`,
      advice: 'Give the values and go on with the same job.',
      delivery: 'not-sent',
      findings,
    };
  },
};

export const isRefusedAsInvalid = ({ event }: { event: { output: Reply<unknown> } }): boolean =>
  !event.output.ok && event.output.failure.kind === 'validation';

/** A 422 on slots goes back to the person with the field errors, keeping what was typed. */
export const noteRefusedSlots = {
  type: 'note' as const,
  params: ({ context, event }: WithContext & { event: { output: Reply<unknown> } }): Partial<JobContext> => {
    if (event.output.ok || context.question === undefined) return {};
    const { failure } = event.output;
    return {
      failure,
      ...withRefusal(context.input, context.turns, context.question, failure.fieldErrors ?? []),
    };
  },
};

const noteFilled = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndEcho): Partial<JobContext> =>
    event.output.ok ? learnFilled(context, event.output.value) : {},
};

/** So many accepted PATCHes without the job going on: another actor, or the server, keeps undoing them. */
const FILLS_BEFORE_CONTEST = 3;

const isContested = ({ context, event }: ContextAndEcho): boolean =>
  event.output.ok && context.fills + 1 >= FILLS_BEFORE_CONTEST;

/** A contest is not won by being fast: the job is read again after a pause that grows. */
const pauseInContest = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndEcho): Partial<JobContext> => ({
    interrupted: 'refreshingVersion',
    waitUntil: event.output.at + 1_000 * Math.min(30, context.fills),
  }),
};

/** The first branches of `deciding`, the same before execution and at a checkpoint. */
export const decisions = [
  {
    guard: nobodyIsThere,
    target: '#goalJob.detached',
    actions: [noteInputNeeded, noteDetach('input-needed')],
  },
  { guard: isStuck, target: 'awaitingSlots' },
  { guard: versionIsUnknown, target: 'refreshingVersion', actions: [forgetInterruption] },
  { guard: hasAnswersToSend, target: 'filling' },
] as const;

/** Asking a person and telling the server, written once. */
export const askingStates = {
  awaitingSlots: jobSetup.createStateConfig({
    description: 'A person is asked for the values that are missing, refused or in conflict.',
    tags: ['user-input'],
    entry: 'askForInput',
    on: {
      SUBMIT_SLOTS: {
        target: 'deciding',
        actions: {
          type: 'note',
          params: ({ context, event }) =>
            context.question === undefined ? {} : { question: withSubmission(context.question, event.slots) },
        },
      },
    },
  }),
  filling: jobSetup.createStateConfig({
    description: 'The values are sent with the current item version (PATCH).',
    tags: ['in-flight'],
    entry: { type: 'note', params: ({ context }) => ({ sentVersion: context.itemVersion }) },
    invoke: {
      src: 'fillSlots',
      input: ({ context }) => ({
        jobSpecId: context.jobSpecId ?? '',
        itemVersion: context.itemVersion ?? 0,
        slots: context.question === undefined ? [] : unsentAnswers(context.question),
      }),
      onDone: [
        {
          guard: isContested,
          target: 'backingOff',
          actions: [noteFilled, { type: 'forgetSetback', params: 'filling' }, pauseInContest],
        },
        {
          guard: ({ event }) => event.output.ok,
          target: 'deciding',
          actions: [noteFilled, { type: 'forgetSetback', params: 'filling' }],
        },
        { guard: isRefusedAsInvalid, target: 'deciding', actions: [noteRefusedSlots] },
        reReadBranch('filling'),
        ...failureBranches('filling'),
      ],
      onError: crashBranch,
    },
  }),
};
