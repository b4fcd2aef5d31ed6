import type { Failure } from '../../services/failure.js';
import type { Job } from '../../services/wire/wire-types.js';
import type { CallReply, WithContext } from '../branch-params.js';
import type { Setback } from '../failure/retry-policy.js';
import { setbackOf } from '../failure/setback-of.js';
import type { JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import type { DownloadProgress, UploadProgress } from '../ports.js';
import { inputRequest, type Question } from '../question/question.js';
import { readingEvents } from '../reading/reading-events.js';
import type { Reply } from '../reply.js';
import { noReply } from './preparing-actions.js';
import type { SourcedRead } from './reading-actions.js';

const unsaid: Failure = { kind: 'internal', message: 'unknown', advice: '', delivery: 'unknown' };

const nothingAsked: Question = {
  slots: [],
  values: {},
  held: {},
  fieldErrors: [],
  conflicts: [],
  uncertain: false,
};

/** The setback of a call. `noteSetback` runs before this, so it already counts the failure of this reply. */
const rowOf = (context: JobContext, { call, reply }: CallReply): Setback =>
  context.setbacks[call] ?? setbackOf(context, call, reply);

const versioned = (itemVersion: number | undefined) => (itemVersion === undefined ? {} : { itemVersion });

/** The events that the machine emits to its host, one action per event. */
export const announcements = {
  uploadProgress: (_: unknown, { progress }: { readonly progress: UploadProgress }): JobEmitted => ({
    type: 'uploadProgress',
    progress,
  }),
  downloadProgress: (_: unknown, { progress }: { readonly progress: DownloadProgress }): JobEmitted => ({
    type: 'downloadProgress',
    progress,
  }),
  created: ({ context }: WithContext): JobEmitted => ({
    type: 'created',
    jobSpecId: context.jobSpecId ?? '',
    ...versioned(context.itemVersion),
  }),
  outcomeUnknown: ({ context }: WithContext): JobEmitted => ({
    type: 'outcomeUnknown',
    failure: context.failure ?? noReply,
  }),
  reading: ({ context }: WithContext, { reply, source }: SourcedRead): JobEmitted[] =>
    reply.ok ? readingEvents(context, reply.value, source) : [],
  inputNeeded: ({ context }: WithContext): JobEmitted => ({
    type: 'inputNeeded',
    request: inputRequest(context.question ?? nothingAsked),
  }),
  confirmNeeded: (): JobEmitted => ({ type: 'confirmNeeded' }),
  rateLimit({ context }: WithContext, answer: CallReply): JobEmitted {
    const { failure, until } = rowOf(context, answer);
    return { type: 'rateLimited', call: answer.call, until, failure };
  },
  retry({ context }: WithContext, answer: CallReply): JobEmitted {
    const { failure, until, attempts } = rowOf(context, answer);
    return { type: 'retrying', call: answer.call, attempt: attempts, until, failure };
  },
  conflictResolved: (_: unknown, reply: Reply<Job>): JobEmitted => ({
    type: 'conflictResolved',
    ...versioned(reply.ok ? reply.value.itemVersion : undefined),
  }),
  completed: ({ context }: WithContext): JobEmitted => ({
    type: 'completed',
    jobSpecId: context.jobSpecId ?? '',
    ...(context.saved ? { saved: context.saved } : {}),
  }),
  failed: ({ context }: WithContext): JobEmitted => ({ type: 'failed', failure: context.failure ?? unsaid }),
  detached: ({ context }: WithContext): JobEmitted => ({
    type: 'detached',
    reason: context.detachReason ?? 'requested',
  }),
};
