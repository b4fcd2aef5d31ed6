import type { JobCommand } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import { guardedCall } from '../../services/guarded-call.js';
import { asFailure } from '../binding/as-failure.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { checkCommand } from '../job/check-command.js';
import { createEventStream } from '../job/event-stream.js';
import type { JobHandle, JobHandleEvent, JobView } from '../job/job-handle.js';
import { type JobLogger, listenerFault } from '../job/job-logger.js';

interface Listening {
  readonly clock: Clock;
  readonly logger: JobLogger | undefined;
}

type Listener = (event: JobHandleEvent) => void;

const earlyView = ({ workflowId, jobSpecId }: JobInput): JobView => ({
  state: 'preparing',
  path: 'preparing.starting',
  tags: [],
  ...(workflowId === undefined ? {} : { workflowId }),
  ...(jobSpecId === undefined ? {} : { jobSpecId }),
});

/** What cannot be stored is not begun, and nothing was sent: a new job has failed by that, and one that exists lives on without us (law 7). */
function unstored({ jobSpecId }: JobInput, error: unknown): Exclude<JobOutput, { status: 'completed' }> {
  const failure = asFailure(error);
  if (jobSpecId === undefined) return { status: 'failed', failure };
  return { status: 'detached', jobSpecId, reason: 'local-failure', failure };
}

/**
 * The handle of a job that is still being stored: there at once, and the real one's from then on. Commands sent before are kept. A job that
 * cannot be stored ends at once.
 */
export function pendingHandle(
  id: string,
  input: JobInput,
  { clock, logger }: Listening,
  started: Promise<JobHandle>,
): JobHandle {
  const stream = createEventStream();
  const listeners = new Set<{ readonly type: string; readonly call: Listener }>();
  const commands: JobCommand[] = [];
  let real: JobHandle | undefined;

  const deliver = (event: JobHandleEvent): void => {
    stream.push(event);
    for (const { type, call } of [...listeners])
      if (type === '*' || type === event.type) guarded(call, event, id, logger);
  };
  const output = started.then(
    (handle) => {
      real = handle;
      handle.on('*', deliver);
      for (const command of commands) handle.send(command);
      return handle.result();
    },
    (error: unknown): JobOutput => {
      const ended = unstored(input, error);
      const at = wallTimeOf(clock);
      if (ended.status === 'failed') deliver({ type: 'failed', failure: ended.failure, at });
      else deliver({ type: 'detached', reason: ended.reason, at });
      return ended;
    },
  );
  void output.then(stream.end);
  const send = (given: JobCommand): void => {
    const command = checkCommand(given);
    if (real === undefined) commands.push(command);
    else real.send(command);
  };
  return {
    id,
    view: () => real?.view() ?? earlyView(input),
    on(type: string, listener: (event: never) => void) {
      // The overloads promise the listener only events of its own type; `deliver` keeps the promise.
      const entry = { type, call: listener as Listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    send,
    submitSlots: (slots) => send({ type: 'SUBMIT_SLOTS', slots }),
    confirm: () => send({ type: 'CONFIRM' }),
    result: () => output,
    async detach() {
      await started.then((handle) => handle.detach()).catch(() => undefined);
      return output;
    },
    [Symbol.asyncIterator]: stream.reader,
  };
}

/** A host's listener that throws must not take the others, or the job, down. */
function guarded(call: Listener, event: JobHandleEvent, jobId: string, logger: JobLogger | undefined): void {
  guardedCall(
    () => call(event),
    (error) => logger?.error(listenerFault(event, call, jobId, error), 'a listener of the host threw'),
  );
}
