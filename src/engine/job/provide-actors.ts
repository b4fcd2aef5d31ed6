import type { AnyActorRef } from 'xstate';
import type { GoalJobMachine } from '../../machines/goal-job-machine.js';
import type { PollTurn } from '../../machines/job-actors.js';
import type { Reply } from '../../machines/reply.js';
import type { Call } from '../binding/call-context.js';
import type { JobCalls } from '../binding/job-calls.js';
import { ActorCall, jobOf } from './actor-call.js';
import { answerAtOnce } from './answer-at-once.js';
import { callActor } from './call-actor.js';
import { untilDeadline } from './create-grace.js';
import type { BoundCalls } from './job-binding.js';
import { skipEndlessWaits } from './skip-endless-waits.js';

export type BoundCallsOf = (job: AnyActorRef) => BoundCalls;

type Own = ActorCall<BoundCalls>;

/** A call as a promise actor, counted as pending work of its job. */
const actorOf = <Answer, Output, Input>(
  boundCallsOf: BoundCallsOf,
  begin: (calls: JobCalls, input: Input, call: Own, self: AnyActorRef) => Promise<Answer>,
  outputOf: (answer: Answer, call: Own) => Output,
) =>
  callActor<Own, Answer, Output, Input>({
    callOf(self) {
      const job = jobOf(self);
      return new ActorCall(job, boundCallsOf(job));
    },
    begin(input, call, self) {
      const { binding, inFlight } = call.owner;
      const work = begin(binding.calls, input, call, self);
      inFlight?.begun();
      return work;
    },
    onSettled: ({ owner }) => owner.inFlight?.ended(),
    outputOf,
  });

const asIs = <Answer>(answer: Answer): Answer => answer;

const readActors = (boundCallsOf: BoundCallsOf) => ({
  pollTurn: actorOf(
    boundCallsOf,
    (calls, input: PollTurn, call) => {
      call.owner.keepAhead(undefined);
      return calls.pollTurn(input, call);
    },
    ({ reply, ahead }, { owner }): Reply<void> => {
      owner.keepAhead(ahead);
      return reply;
    },
  ),
  getStatus: answerAtOnce(
    actorOf(
      boundCallsOf,
      (calls, input: { readonly jobSpecId: string }, call) => calls.getStatus(input, call),
      asIs,
    ),
    (job) => boundCallsOf(job).takeAhead(),
  ),
});

/** Provides every actor of the machine from calls, which are looked up by job when an actor starts. */
export function provideActors(machine: GoalJobMachine, boundCallsOf: BoundCallsOf): GoalJobMachine {
  const actor = <Input, Output>(callOf: (calls: JobCalls) => Call<Input, Output>) =>
    actorOf(boundCallsOf, (calls, input: Input, call) => callOf(calls)(input, call), asIs);
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
      ...readActors(boundCallsOf),
      getDownload: actor((calls) => calls.getDownload),
      saveResult: actor((calls) => calls.saveResult),
      waitUntil: skipEndlessWaits(
        actorOf(
          boundCallsOf,
          ({ waitUntil }, input: { readonly at: number }, call, self) =>
            self.id === 'deadline' ? untilDeadline(self, waitUntil, input, call) : waitUntil(input, call),
          asIs,
        ),
      ),
    },
  });
}
