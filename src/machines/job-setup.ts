import { assign, emit, enqueueActions, setup } from 'xstate';
import type { Failure } from '../services/failure.js';
import { jobActors } from './job-actors.js';
import { type CallState, type JobContext, withoutSetbacks } from './job-context.js';
import type { JobEmitted, JobEvent } from './job-events.js';
import type { JobInput } from './job-input.js';
import type { DetachReason, JobOutput } from './job-output.js';
import { inputRequest } from './question/question.js';
import type { Reading } from './reading/course.js';
import { readingEvents } from './reading/reading-events.js';

/** What a host can ask with `hasTag`. */
export type JobTag = 'user-input' | 'rate-limited' | 'backing-off' | 'resolving-conflict' | 'in-flight';

/** A reading and where it was read. */
export interface Told {
  readonly reading: Reading;
  readonly source: 'job' | 'status';
}

/** Types, actors and the words of the chart; the states are in `states/`. */
export const jobSetup = setup({
  types: {
    context: {} as JobContext,
    events: {} as JobEvent,
    emitted: {} as JobEmitted,
    input: {} as JobInput,
    output: {} as JobOutput,
    tags: {} as JobTag,
  },
  actors: jobActors,
  actions: {
    /** Writes down what a pure function made of the news. */
    note: assign((_, patch: Partial<JobContext>) => patch),
    forgetSetback: assign(({ context }, call: CallState) => ({ setbacks: withoutSetbacks(context, [call]) })),
    noteFailure: assign((_, failure: Failure) => ({ failure })),
    noteOutcome: assign((_, outcome: JobOutput['status']) => ({ outcome })),
    noteDetach: assign((_, reason: DetachReason) => ({ detachReason: reason })),
    announceReading: enqueueActions(({ context, enqueue }, { reading, source }: Told) => {
      for (const event of readingEvents(context, reading, source)) enqueue.emit(event);
    }),
    announce: emit((_, event: JobEmitted) => event),
    askForInput: emit(
      ({ context }): JobEmitted => ({
        type: 'inputNeeded',
        request: inputRequest(
          context.question ?? {
            slots: [],
            values: {},
            held: {},
            fieldErrors: [],
            conflicts: [],
            uncertain: false,
          },
        ),
      }),
    ),
  },
});
