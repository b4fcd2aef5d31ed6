import { asFailure } from '../../../engine/binding/as-failure.js';
import type { JobHandle, JobHandleEvent } from '../../../engine/job/job-handle.js';
import type { InputRequest, JobCommand } from '../../../machines/job-events.js';
import type { JobOutput } from '../../../machines/job-output.js';
import type { Asker } from '../ask/asker.js';
import { type CommandResult, commandResult, type OwnReason } from '../ends/command-result.js';
import type { Screen } from '../say/screen.js';

export interface FollowOptions {
  readonly handle: JobHandle;
  /** Absent if no person can be asked. */
  readonly asker?: Asker | undefined;
  readonly screen: Screen;
  readonly interruption: AbortController;
  readonly onEvent: (event: JobHandleEvent) => void;
  /** Detaches the job on an interruption. Default: `handle.detach()`. */
  readonly letGo?: () => Promise<JobOutput>;
  readonly isAttached?: boolean;
  /** An earlier decision about a create with unknown outcome; it answers the first such question. */
  readonly decision?: JobCommand | undefined;
  /** Called when an interruption waits for the reply to a create in flight. */
  readonly onWaiting?: () => void;
}

/** The person's answer as a command to the job; undefined if they left. */
type Answer = JobCommand | undefined;

/** What this command does if no person can be asked: detach with this reason. */
const UNASKED: Readonly<Record<'inputNeeded' | 'confirmNeeded' | 'outcomeUnknown', OwnReason>> = {
  inputNeeded: 'input-needed',
  confirmNeeded: 'input-needed',
  outcomeUnknown: 'outcome-unknown',
};

async function askSlots(asker: Asker, request: InputRequest, signal: AbortSignal): Promise<Answer> {
  const slots = await asker.fillSlots(request, signal);
  return slots === undefined ? undefined : { type: 'SUBMIT_SLOTS', slots };
}

async function askStart(asker: Asker, signal: AbortSignal): Promise<Answer> {
  const may = await asker.mayStart(signal);
  if (may === undefined) return undefined;
  return { type: may ? 'CONFIRM' : 'DETACH' };
}

/** The question of an event, if it asks a person. */
function questionOf(
  event: JobHandleEvent,
): ((asker: Asker, signal: AbortSignal) => Promise<Answer>) | undefined {
  if (event.type === 'inputNeeded') return (asker, signal) => askSlots(asker, event.request, signal);
  if (event.type === 'confirmNeeded') return (asker, signal) => askStart(asker, signal);
  if (event.type === 'outcomeUnknown') return (asker, signal) => asker.resolveUnknown(event.failure, signal);
  return undefined;
}

/** Follows a job to its end: reports, asks, and detaches when interrupted. */
export async function followJob(options: FollowOptions): Promise<CommandResult> {
  const { handle, asker, screen, interruption } = options;
  const ended = new AbortController();
  let because: OwnReason | undefined;
  let decision = options.decision;
  const letGo = (reason: OwnReason): void => {
    because ??= reason;
    void (options.letGo ?? (() => handle.detach()))();
  };
  let isSeen = false;
  const onInterrupt = (): void => {
    if (handle.view().path === 'preparing.creating') options.onWaiting?.();
    letGo('interrupted');
  };
  /** Only once: a second question means that the first answer did not settle it. */
  const decided = (event: JobHandleEvent): JobCommand | undefined => {
    if (event.type !== 'outcomeUnknown') return undefined;
    const given = decision;
    decision = undefined;
    return given;
  };
  const respond = async (event: JobHandleEvent): Promise<void> => {
    const question = questionOf(event);
    if (question === undefined || interruption.signal.aborted) return;
    const given = decided(event);
    if (given !== undefined) return handle.send(given);
    // Boundary: `questionOf` returns a question only for the events in `UNASKED`.
    if (asker === undefined) return letGo(UNASKED[event.type as keyof typeof UNASKED]);
    const answer = await screen.lend(() => question(asker, ended.signal));
    if (ended.signal.aborted) return;
    if (answer === undefined) return interruption.abort();
    if (answer.type === 'DETACH')
      return letGo(event.type === 'outcomeUnknown' ? 'outcome-unknown' : 'interrupted');
    handle.send(answer);
  };
  let fault: { readonly error: unknown } | undefined;
  const stop = handle.on('*', (event) => {
    isSeen ||= event.type === 'progress' || event.type === 'checkpoint';
    options.onEvent(event);
    // The asker failed: the job is detached and can be resumed, and the command reports the error.
    respond(event).catch((error: unknown) => {
      fault ??= { error };
      letGo('interrupted');
    });
  });
  interruption.signal.addEventListener('abort', onInterrupt, { once: true });
  if (interruption.signal.aborted) onInterrupt();
  const output = await handle.result();
  ended.abort();
  stop();
  interruption.signal.removeEventListener('abort', onInterrupt);
  if (fault !== undefined) {
    const { message, ...rest } = asFailure(fault.error, 'the asker');
    throw new Error(`${message}; job ${output.jobSpecId ?? handle.id} was detached`, { cause: rest });
  }
  return commandResult(output, { because, isOnlyNamed: options.isAttached === true && !isSeen });
}
