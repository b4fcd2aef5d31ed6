import type { JobCommand } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import { asFailure } from '../binding/as-failure.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { checkCommand } from '../job/check-command.js';
import { createEventStream } from '../job/event-stream.js';
import type { JobHandle, JobHandleEvent } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import { createListeners } from '../job/listeners.js';
import type { JobView } from '../job/source/job-view.js';

interface Listening {
  readonly clock: Clock;
  readonly logger: JobLogger | undefined;
}

const earlyView = ({ workflowId, jobSpecId }: JobInput): JobView => ({
  state: 'preparing',
  path: 'preparing.starting',
  tags: [],
  files: [],
  retention: {},
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
  const listeners = createListeners<JobHandleEvent>(logger, () => id);
  const commands: JobCommand[] = [];
  let real: JobHandle | undefined;

  const deliver = (event: JobHandleEvent): void => {
    stream.push(event);
    listeners.tell(event);
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
    on: listeners.listen,
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
