import { type AnyActorRef, fromPromise } from 'xstate';
import { type GoalJobMachine, goalJobMachine } from '../../machines/goal-job-machine.js';
import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { CallContext } from '../binding/call-context.js';
import { systemClock } from '../binding/clock.js';
import { createJobCalls, type JobCalls } from '../binding/job-calls.js';
import { ActorCall, jobOf } from './actor-call.js';
import type { BindOptions, TrackedBindOptions } from './bind-options.js';
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

/** @internal For a handle: counts what is under way, and hears of functions of the host that throw. */
export function bindPorts(given: JobPorts, options?: TrackedBindOptions): GoalJobMachine;
/**
 * `goalJobMachine` with every actor provided from plain async functions: pass it to `createActor`.
 * One bound machine can run any number of jobs. Source: the ports of `JobPorts`.
 *
 * @example
 * ```ts
 * import { bindPorts, createNodeClient, createNodePorts } from 'goal-lane';
 * import { createActor } from 'xstate';
 *
 * const client = createNodeClient({ apiKey: process.env.CONVILYN_API_KEY ?? '' });
 * const machine = bindPorts(createNodePorts({ client, outDir: 'results' }));
 * const input = { workflowId: 'goal_lane.cover_letter', files: ['resume.pdf', 'job-description.pdf'] };
 * const job = createActor(machine, { input });
 * job.on('inputNeeded', ({ request }) => console.log(request.missing));
 * job.subscribe((snapshot) => console.log(snapshot.value, snapshot.hasTag('user-input')));
 * job.start();
 * ```
 */
export function bindPorts(given: JobPorts, options?: BindOptions): GoalJobMachine;
export function bindPorts(given: JobPorts, options: TrackedBindOptions = {}): GoalJobMachine {
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
