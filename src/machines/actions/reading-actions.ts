import type { Failure } from '../../services/failure.js';
import type { Job } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import { troubledCall } from '../guards/re-read-guards.js';
import { memoryFor, type Read } from '../guards/reading-guards.js';
import { type ContextPatch, withoutSetbacks } from '../job-context.js';
import { highest, patchFromConfirm, patchFromReading } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** A reading and its source: the job itself, or its status. */
export interface SourcedRead extends Read {
  readonly source: 'job' | 'status';
  /** The call that succeeded, if its setback is over. */
  readonly call?: CallState | undefined;
}

const serverLags: Failure = {
  kind: 'bad-response',
  message:
    'the server keeps answering with an older state of the job than it has shown before, without its item version, or with the one that it refused',
  advice: 'Attach to the job again later.',
  delivery: 'refused',
};

/** Record the readings of the job and of its status. */
export const readingActions = {
  learnReading({ context }: WithContext, { reply, source, inDoubt, call }: SourcedRead): ContextPatch {
    if (!reply.ok) return {};
    const memory = memoryFor(context, reply.value, inDoubt);
    const patch = patchFromReading(memory, reply.value, reply.at, source);
    if (call === undefined) return patch;
    const { setbacks = context.setbacks } = patch;
    const left = withoutSetbacks({ setbacks }, [call]);
    return left === setbacks ? patch : { ...patch, setbacks: left };
  },
  /** Watch the job as if it was confirmed. If its state does not change, the confirm is repeated. */
  watchAsConfirmed({ context }: WithContext, reply: Reply<Job>): ContextPatch {
    const { question } = context;
    if (question === undefined) return {};
    const refusedConfirms = (question.refusedConfirms ?? 0) + 1;
    return patchFromConfirm({ ...context, question: { ...question, refusedConfirms } }, {}, reply.at);
  },
  noteServerLags: (): ContextPatch => ({ failure: serverLags }),
  /** Nothing changed: wait and retry. */
  pauseBeforeRepeat({ context }: WithContext): ContextPatch {
    const call = troubledCall(context);
    const setback = call && context.setbacks[call];
    return setback === undefined ? {} : { waitUntil: setback.until };
  },
  /** A lagging replica returned an older or incomplete job: read again a little later. */
  pauseBeforeReRead: ({ context }: WithContext, reply: Reply<Job>): ContextPatch => ({
    staleReadings: context.staleReadings + 1,
    // The version is kept even if the rest of the reading is not believed (law 2, never stale: versions only go up).
    itemVersion: highest(context.itemVersion, reply.ok ? reply.value.itemVersion : undefined),
    interrupted: 'readingAgain',
    waitUntil: reply.at + 1_000 * Math.min(30, context.staleReadings + 1),
  }),
};
