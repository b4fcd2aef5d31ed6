import type { CallReply, WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import { decisionOn } from '../failure/call-decision.js';
import { mayLive } from '../failure/create-outcome.js';
import type { Reply } from '../reply.js';

const jobMayLive = ({ context }: WithContext): boolean => mayLive(context);

const wasRefused = (_: unknown, reply: Reply<unknown>): boolean => !reply.ok;

const decides =
  (wanted: ReturnType<typeof decisionOn>) =>
  ({ context }: WithContext, { call, reply }: CallReply): boolean =>
    decisionOn(context, call, reply) === wanted;

const interrupted =
  (call: CallState) =>
  ({ context }: WithContext): boolean =>
    context.interrupted === call;

/** Guards for how a call went, and for which call a wait returns to. */
export const replyGuards = {
  hasSucceeded: (_: unknown, reply: Reply<unknown>): boolean => reply.ok,
  wasRefused,
  jobMayLive,
  wasRefusedAndJobMayLive: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    wasRefused(undefined, reply) && jobMayLive({ context }),
  wouldPassDeadline: decides('tooLate'),
  isRateLimited: decides('rateLimited'),
  mayHeal: decides('backOff'),
  /** A conflict, an invalid transition or a lost reply to a call that carries an item version. */
  mustReadJobAgain: decides('reRead'),
  interruptedValidating: interrupted('validating'),
  interruptedQueue: interrupted('queued'),
  interruptedUploading: interrupted('uploading'),
  interruptedCreating: interrupted('creating'),
  interruptedAttaching: interrupted('attaching'),
  interruptedFilling: interrupted('filling'),
  interruptedSending: interrupted('sending'),
  interruptedReadingAgain: interrupted('readingAgain'),
  interruptedReading: interrupted('reading'),
  interruptedLocating: interrupted('locating'),
  interruptedSaving: interrupted('saving'),
};

/** The guard that checks whether a wait interrupted this call. */
export const INTERRUPTED = {
  validating: 'interruptedValidating',
  queued: 'interruptedQueue',
  uploading: 'interruptedUploading',
  creating: 'interruptedCreating',
  attaching: 'interruptedAttaching',
  filling: 'interruptedFilling',
  sending: 'interruptedSending',
  readingAgain: 'interruptedReadingAgain',
  reading: 'interruptedReading',
  locating: 'interruptedLocating',
  saving: 'interruptedSaving',
} as const satisfies Readonly<Record<CallState, keyof typeof replyGuards>>;
