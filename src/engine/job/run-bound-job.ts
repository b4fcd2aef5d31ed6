import { type Actor, createActor, type InspectionEvent, type Observer, type Snapshot } from 'xstate';
import type { GoalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobCommand, JobEmitted } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import { inputRequest } from '../../machines/question/question.js';
import type { Failure } from '../../services/failure.js';
import { unfailingLogger } from '../../services/unfailing-logger.js';
import { asFailure, stackOf } from '../binding/as-failure.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../binding/clock.js';
import { checkCommand } from './check-command.js';
import { createEventStream, type EventStream } from './event-stream.js';
import type { InFlight } from './in-flight.js';
import type { JobHandle, JobHandleEvent, JobView } from './job-handle.js';
import { type JobLogger, jobFields, listenerFault } from './job-logger.js';
import { viewOf } from './job-view.js';

export interface BoundJobOptions {
  /** What `bindPorts` made. */
  readonly machine: GoalJobMachine;
  /** Where the bound machine counts what this job has under way. */
  readonly inFlight: InFlight;
  readonly clock: Clock;
  readonly input: JobInput;
  readonly id: string;
  readonly snapshot?: Snapshot<unknown> | undefined;
  readonly logger?: JobLogger | undefined;
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
}

const LOUD: ReadonlySet<JobEmitted['type']> = new Set([
  'rateLimited',
  'retrying',
  'outcomeUnknown',
  'failed',
]);

function createJobActor({ machine, input, id, snapshot, inspect, logger }: BoundJobOptions): JobActor {
  return createActor(machine, {
    id,
    input,
    ...(snapshot ? { snapshot } : {}),
    ...(inspect ? { inspect: guardedInspect(inspect, id, logger) } : {}),
  });
}

/** XState's actor of one job, for hosts that speak XState. */
export type JobActor = Actor<GoalJobMachine>;

/** One line a state and one an event, each with the job's id, state, item version and attempt. */
function logJob(actor: JobActor, id: string, logger: JobLogger): (event: JobHandleEvent) => void {
  const log = logger.child({ job: id });
  const fields = (): object => jobFields(actor.getSnapshot());
  let last = '';
  actor.subscribe((snapshot) => {
    const { path } = viewOf(snapshot);
    if (path === last) return;
    last = path;
    log.debug(fields(), `state ${path}`);
  });
  return (event) => {
    const details = 'failure' in event ? { failure: event.failure } : {};
    const line = { ...fields(), event: event.type, ...details };
    if (LOUD.has(event.type)) log.warn(line, event.type);
    else log.info(line, event.type);
  };
}

const failureOf = (error: unknown): Failure =>
  error === undefined
    ? asFailure(new Error('its actor was stopped before it had ended'), 'the job')
    : asFailure(error, 'the machine');

/** A machine that broke, or was stopped from outside, has ended; whether its job has is another matter (law 7). */
function brokenOutput(actor: JobActor): JobOutput {
  const { error, context } = actor.getSnapshot();
  const { jobSpecId } = context;
  const isUnknown = context.failure?.kind === 'outcome-unknown';
  const failure = isUnknown ? context.failure : failureOf(error);
  if (jobSpecId === undefined && !isUnknown) return { status: 'failed', failure };
  return jobSpecId === undefined
    ? { status: 'detached', reason: 'outcome-unknown', failure }
    : { status: 'detached', jobSpecId, reason: 'local-failure', failure };
}

/** Resolves with the output, and never rejects. */
function outcomeOf(actor: JobActor): Promise<JobOutput> {
  return new Promise((resolve) => {
    const finish = (): void => {
      const snapshot = actor.getSnapshot();
      if (snapshot.status === 'done' && snapshot.output !== undefined) resolve(snapshot.output);
      else resolve(brokenOutput(actor));
    };
    actor.subscribe({ complete: finish, error: finish });
  });
}

type Listener = (event: JobHandleEvent) => void;

/** A host's listener that throws must not take the job down (an exception in `actor.on` is uncaught). */
function guarded(listener: Listener, jobId: string, logger: JobLogger | undefined): Listener {
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      logger?.error(listenerFault(event, listener, jobId, error), 'a listener of the host threw');
    }
  };
}

type Inspect = NonNullable<BoundJobOptions['inspect']>;

/** So must its inspector not: XState calls it in the middle of a step. Its first fault is told; the next will be the same. */
function guardedInspect(inspect: Inspect, jobId: string, logger: JobLogger | undefined): Inspect {
  let isTold = false;
  return (event) => {
    try {
      if (typeof inspect === 'function') inspect(event);
      else inspect.next?.(event);
    } catch (error) {
      if (!isTold)
        logger?.error(
          { job: jobId, function: 'inspect', stack: stackOf(error) },
          'inspect of the host threw',
        );
      isTold = true;
    }
  };
}

const movedFailure = (failure: Failure, byMs: number): Failure =>
  failure.retryAt === undefined ? failure : { ...failure, retryAt: failure.retryAt + byMs };

/** An event as a host hears it: with its times by the wall clock. */
function toldNow(event: JobEmitted, clock: Clock): JobHandleEvent {
  const at = wallTimeOf(clock);
  const offset = wallOffsetOf(clock);
  if (offset === 0) return { ...event, at };
  const told = 'failure' in event ? { ...event, failure: movedFailure(event.failure, offset) } : event;
  return 'until' in told ? { ...told, until: told.until + offset, at } : { ...told, at };
}

function viewNow(actor: JobActor, clock: Clock): JobView {
  const view = viewOf(actor.getSnapshot());
  const { waitingUntil } = view;
  const offset = wallOffsetOf(clock);
  return waitingUntil === undefined || offset === 0 ? view : { ...view, waitingUntil: waitingUntil + offset };
}

function listen(actor: JobActor, clock: Clock, deliver: Listener): void {
  actor.on('*', (event) => deliver(toldNow(event, clock)));
}

/** What a person was asked before the job was stored: a restored machine does not ask again by itself. */
function openRequest(actor: JobActor): JobEmitted | undefined {
  const snapshot = actor.getSnapshot();
  const { question, failure } = snapshot.context;
  if (snapshot.matches({ preparing: 'outcomeUnknown' }) && failure)
    return { type: 'outcomeUnknown', failure };
  if (snapshot.matches({ pending: 'awaitingConfirm' })) return { type: 'confirmNeeded' };
  if (question && snapshot.hasTag('user-input')) {
    return { type: 'inputNeeded', request: inputRequest(question) };
  }
  return undefined;
}

/** Asks once more, a turn after the host could begin to listen. */
function askAgain(actor: JobActor, clock: Clock, deliver: Listener): void {
  if (openRequest(actor) === undefined) return;
  const cancel = clock.schedule(clock.now(), () => {
    const request = openRequest(actor);
    if (request) deliver(toldNow(request, clock));
  });
  actor.subscribe({ complete: cancel, error: cancel });
}

interface Entry {
  readonly type: string;
  readonly call: Listener;
}

/** What hears of a job: its log, whoever reads its events, and the host's listeners. */
function createAudience(actor: JobActor, logger: JobLogger | undefined, log: Listener | undefined) {
  /** Made when somebody reads. */
  let stream: EventStream | undefined;
  let listeners: readonly Entry[] = [];
  return {
    deliver(event: JobHandleEvent): void {
      log?.(event);
      stream?.push(event);
      for (const { type, call } of listeners) if (type === '*' || type === event.type) call(event);
    },
    on(type: string, listener: (event: never) => void): () => void {
      // The overloads promise the listener only events of its own type; the test above keeps the promise.
      const entry: Entry = { type, call: guarded(listener as Listener, actor.id, logger) };
      listeners = [...listeners, entry];
      return () => {
        listeners = listeners.filter((other) => other !== entry);
      };
    },
    reader(): AsyncIterator<JobHandleEvent> {
      if (stream === undefined) {
        stream = createEventStream();
        if (actor.getSnapshot().status !== 'active') stream.end();
      }
      return stream.reader();
    },
    end: (): void => stream?.end(),
  };
}

/** @internal Runs one job on a machine that is bound already: binding costs some ms, and one bound machine serves any number of jobs. */
export function runBoundJob(options: BoundJobOptions): JobHandle & { readonly actor: JobActor } {
  const { id, clock, inFlight } = options;
  const logger = options.logger && unfailingLogger(options.logger);
  const actor = createJobActor({ ...options, logger });
  const audience = createAudience(actor, logger, logger && logJob(actor, id, logger));
  listen(actor, clock, audience.deliver);
  const output = outcomeOf(actor);
  void output.then(audience.end);
  const send = (given: JobCommand): void => {
    const command = checkCommand(given);
    // A command that comes after the end is no mistake of the host: it could not know.
    if (actor.getSnapshot().status === 'active') actor.send(command);
  };
  actor.start();
  if (options.snapshot) askAgain(actor, clock, audience.deliver);
  return {
    id,
    actor,
    view: () => viewNow(actor, clock),
    on: audience.on,
    send,
    submitSlots: (slots) => send({ type: 'SUBMIT_SLOTS', slots }),
    confirm: () => send({ type: 'CONFIRM' }),
    result: () => output,
    async detach() {
      send({ type: 'DETACH' });
      const result = await output;
      await inFlight.idle();
      return result;
    },
    [Symbol.asyncIterator]: audience.reader,
  };
}
