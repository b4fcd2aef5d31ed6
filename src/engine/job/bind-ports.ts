import { type AnyActorRef, fromPromise } from 'xstate';
import { goalJobMachine } from '../../machines/goal-job-machine.js';
import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { CallContext } from '../binding/call-context.js';
import { systemClock } from '../binding/clock.js';
import { createJobCalls, type JobCalls } from '../binding/job-calls.js';
import { ActorCall, jobOf } from './actor-call.js';
import type { TrackedBindOptions } from './bind-options.js';
import { skipEndlessWaits } from './skip-endless-waits.js';

/** A call as a promise actor, counted among what its job has under way. */
const actorOf = <Input, Output>(
  options: TrackedBindOptions,
  call: (input: Input, context: CallContext, job: AnyActorRef) => Promise<Output>,
) =>
  fromPromise<Output, Input>(({ input, signal, self }) => {
    const job = jobOf(self);
    const work = call(input, new ActorCall(job, options, signal), job);
    return options.inFlightOf?.(job.id)?.track(work) ?? work;
  });

/** The turn and the read as two actors: what a turn has brought along waits, by its job, for the `getStatus` that follows. */
function readActors(options: TrackedBindOptions, calls: JobCalls) {
  const brought = new WeakMap<AnyActorRef, Reply<StatusReading>>();
  return {
    pollTurn: actorOf(options, async (input: PollTurn, context, job): Promise<Reply<void>> => {
      brought.delete(job);
      const { reply, ahead } = await calls.pollTurn(input, context);
      if (ahead !== undefined) brought.set(job, ahead);
      return reply;
    }),
    getStatus: actorOf(options, (input: { readonly jobSpecId: string }, context, job) => {
      const ahead = brought.get(job);
      brought.delete(job);
      return ahead === undefined ? calls.getStatus(input, context) : Promise.resolve(ahead);
    }),
  };
}

/**
 * `goalJobMachine` with every actor provided from plain async functions: pass it to `createActor`.
 * One bound machine can run any number of jobs. Source: the ports of `JobPorts`.
 */
export function bindPorts(given: JobPorts, options: TrackedBindOptions = {}) {
  const { clock = systemClock, random = Math.random } = options;
  const calls = createJobCalls(given, { ...options, clock, random });
  return goalJobMachine.provide({
    actors: {
      inspectFiles: actorOf(options, calls.inspectFiles),
      loadCatalog: actorOf(options, calls.loadCatalog),
      startTurn: actorOf(options, calls.startTurn),
      uploadFiles: actorOf(options, calls.uploadFiles),
      issueTicket: actorOf(options, calls.issueTicket),
      createJob: actorOf(options, calls.createJob),
      getJob: actorOf(options, calls.getJob),
      fillSlots: actorOf(options, calls.fillSlots),
      confirmJob: actorOf(options, calls.confirmJob),
      ...readActors(options, calls),
      getDownload: actorOf(options, calls.getDownload),
      saveResult: actorOf(options, calls.saveResult),
      waitUntil: skipEndlessWaits(actorOf(options, calls.waitUntil)),
    },
  });
}
