import type { AnyActorRef } from 'xstate';
import type { GoalJobMachine } from '../../machines/goal-job-machine.js';
import type { PollTurn } from '../../machines/job-actors.js';
import type { Reply } from '../../machines/reply.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { Call, CallContext } from '../binding/call-context.js';
import type { JobCalls } from '../binding/job-calls.js';
import { ActorCall } from './actor-call.js';
import { answerAtOnce } from './answer-at-once.js';
import type { BindOptions } from './bind-options.js';
import { callActor } from './call-actor.js';
import { untilDeadline } from './create-grace.js';
import type { InFlight } from './in-flight.js';
import { skipEndlessWaits } from './skip-endless-waits.js';

/** The ports of a host as calls, for any number of jobs. */
export interface JobBinding extends Pick<BindOptions, 'beforeEffect'> {
  readonly calls: JobCalls;
  /** The actor whose system the jobs share; absent for one job, which has a system of its own. */
  readonly root?: AnyActorRef;
}

/** The calls of one job's actors, and the counter of its pending work. */
export interface BoundJob {
  readonly binding: JobBinding;
  readonly inFlight: InFlight | undefined;
}

export type BoundJobOf = (job: AnyActorRef) => BoundJob;

/** A call as a promise actor, counted as pending work of its job. */
const actorOf = <Input, Output>(
  boundJobOf: BoundJobOf,
  make: (
    calls: JobCalls,
    input: Input,
    context: CallContext,
    job: AnyActorRef,
    self: AnyActorRef,
  ) => Promise<Output>,
) =>
  callActor<Output, Input>((input, { self, job, note }) => {
    const { binding, inFlight } = boundJobOf(job);
    const work = make(binding.calls, input, note(new ActorCall(job, binding)), job, self);
    return inFlight?.track(work) ?? work;
  });

/** The turn and the read are two actors: a reading that came with the turn is kept, by job, for the following `getStatus`. */
function readActors(boundJobOf: BoundJobOf) {
  const brought = new WeakMap<AnyActorRef, Reply<StatusReading>>();
  return {
    pollTurn: actorOf(boundJobOf, (calls, input: PollTurn, context, job): Promise<Reply<void>> => {
      brought.delete(job);
      return calls.pollTurn(input, context).then(({ reply, ahead }) => {
        if (ahead !== undefined) brought.set(job, ahead);
        return reply;
      });
    }),
    getStatus: answerAtOnce(
      actorOf(boundJobOf, (calls, input: { readonly jobSpecId: string }, context) =>
        calls.getStatus(input, context),
      ),
      (job) => {
        const ahead = brought.get(job);
        brought.delete(job);
        return ahead;
      },
    ),
  };
}

/** Provides every actor of the machine from calls, which are looked up by job when an actor starts. */
export function provideActors(machine: GoalJobMachine, boundJobOf: BoundJobOf): GoalJobMachine {
  const actor = <Input, Output>(callOf: (calls: JobCalls) => Call<Input, Output>) =>
    actorOf(boundJobOf, (calls, input: Input, context) => callOf(calls)(input, context));
  return machine.provide({
    actors: {
      inspectFiles: actor((calls) => calls.inspectFiles),
      loadCatalog: actor((calls) => calls.loadCatalog),
      startTurn: actor((calls) => calls.startTurn),
      uploadFiles: actor((calls) => calls.uploadFiles),
      issueTicket: actor((calls) => calls.issueTicket),
      createJob: actor((calls) => calls.createJob),
      getJob: actor((calls) => calls.getJob),
      fillSlots: actor((calls) => calls.fillSlots),
      confirmJob: actor((calls) => calls.confirmJob),
      ...readActors(boundJobOf),
      getDownload: actor((calls) => calls.getDownload),
      saveResult: actor((calls) => calls.saveResult),
      waitUntil: skipEndlessWaits(
        actorOf(boundJobOf, ({ waitUntil }, input: { readonly at: number }, context, _, self) =>
          self.id === 'deadline' ? untilDeadline(self, waitUntil, input, context) : waitUntil(input, context),
        ),
      ),
    },
  });
}
