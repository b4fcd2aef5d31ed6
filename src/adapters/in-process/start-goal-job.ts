import { createActor, type InspectionEvent, type Observer, type Snapshot } from 'xstate';
import type { JobCommand, JobEmitted } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { JobPorts } from '../../machines/ports.js';
import { asFailure } from './as-failure.js';
import { type BindOptions, bindPorts } from './bind-ports.js';
import { type Clock, systemClock } from './clock.js';
import { createEventStream } from './event-stream.js';
import { createInFlight } from './in-flight.js';
import type { JobHandle, JobHandleEvent } from './job-handle.js';
import { type JobLogger, logFields } from './job-logger.js';
import { viewOf } from './job-view.js';

export interface StartOptions extends BindOptions {
  readonly ports: JobPorts;
  readonly input: JobInput;
  /** A name for the job in this process. Default: a random one. */
  readonly id?: string;
  /** A persisted snapshot to go on from; `input` is then ignored. */
  readonly snapshot?: Snapshot<unknown>;
  readonly logger?: JobLogger;
  /** XState's own `inspect`, for an inspector adapter. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
}

const EMITTED = [
  'uploadProgress',
  'downloadProgress',
  'created',
  'progress',
  'checkpoint',
  'inputNeeded',
  'confirmNeeded',
  'outcomeUnknown',
  'rateLimited',
  'retrying',
  'conflictResolved',
  'completed',
  'failed',
  'detached',
] as const satisfies readonly JobEmitted['type'][];

const LOUD: ReadonlySet<JobEmitted['type']> = new Set([
  'rateLimited',
  'retrying',
  'outcomeUnknown',
  'failed',
]);

function createJobActor(options: StartOptions, id: string, clock: Clock) {
  const inFlight = createInFlight();
  const machine = bindPorts(options.ports, { ...options, clock, inFlight });
  const actor = createActor(machine, {
    id,
    input: options.input,
    ...(options.snapshot ? { snapshot: options.snapshot } : {}),
    ...(options.inspect ? { inspect: options.inspect } : {}),
  });
  return { actor, inFlight };
}

type JobActor = ReturnType<typeof createJobActor>['actor'];

/** One line a state and one an event, each with the job's id, state, item version and attempt. */
function logJob(actor: JobActor, id: string, logger: JobLogger): (event: JobHandleEvent) => void {
  const log = logger.child({ job: id });
  const attempt = (): number => {
    const { setbacks, interrupted } = actor.getSnapshot().context;
    return (interrupted === undefined ? 0 : (setbacks[interrupted]?.attempts ?? 0)) + 1;
  };
  const fields = (): object => logFields(viewOf(actor.getSnapshot()), attempt());
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

/** Resolves with the output; a machine that broke is a failed job, not a rejection. */
function outcomeOf(actor: JobActor): Promise<JobOutput> {
  return new Promise((resolve) => {
    const finish = (): void => {
      const snapshot = actor.getSnapshot();
      if (snapshot.status === 'done' && snapshot.output !== undefined) resolve(snapshot.output);
      else
        resolve({ status: 'failed', failure: asFailure(snapshot.error ?? new Error('the job was stopped')) });
    };
    actor.subscribe({ complete: finish, error: finish });
  });
}

type Listener = (event: JobHandleEvent) => void;

/** A host's listener that throws must not take the job down (an exception in `actor.on` is uncaught). */
function guarded(listener: Listener, logger: JobLogger | undefined): Listener {
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      logger?.error({ event: event.type, failure: asFailure(error) }, 'a listener of the host threw');
    }
  };
}

function listen(actor: JobActor, clock: Clock, deliver: Listener): void {
  for (const type of EMITTED) actor.on(type, (event) => deliver({ ...event, at: clock.now() }));
}

/** Starts one job, or goes on with a stored one, as a plain handle: no XState needed. */
export function startGoalJob(options: StartOptions): JobHandle & { readonly actor: JobActor } {
  const clock = options.clock ?? systemClock;
  const id = options.id ?? crypto.randomUUID();
  const { actor, inFlight } = createJobActor(options, id, clock);
  const stream = createEventStream();
  const listeners = new Set<{ readonly type: string; readonly call: Listener }>();
  const log = options.logger ? logJob(actor, id, options.logger) : undefined;
  listen(actor, clock, (event) => {
    log?.(event);
    stream.push(event);
    for (const { type, call } of [...listeners]) if (type === '*' || type === event.type) call(event);
  });
  const output = outcomeOf(actor);
  void output.then(stream.end);
  const send = (command: JobCommand): void => {
    // A command that comes after the end is no mistake of the host: it could not know.
    if (actor.getSnapshot().status === 'active') actor.send(command);
  };
  actor.start();
  return {
    id,
    actor,
    view: () => viewOf(actor.getSnapshot()),
    on(type: string, listener: (event: never) => void) {
      // The overloads promise the listener only events of its own type; the test above keeps the promise.
      const entry = { type, call: guarded(listener as Listener, options.logger) };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
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
    [Symbol.asyncIterator]: stream.reader,
  };
}
