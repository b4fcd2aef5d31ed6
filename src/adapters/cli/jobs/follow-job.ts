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

/** Answers the questions of a job, and lets it go. */
class Follower {
  readonly #options: FollowOptions;
  readonly #ended: AbortSignal;
  #decision: JobCommand | undefined;
  /** Why it was let go, if it was. */
  because: OwnReason | undefined;

  constructor(options: FollowOptions, ended: AbortSignal) {
    this.#options = options;
    this.#ended = ended;
    this.#decision = options.decision;
  }

  letGo(reason: OwnReason): void {
    this.because ??= reason;
    const { letGo, handle } = this.#options;
    void (letGo === undefined ? handle.detach() : letGo());
  }

  interrupt(): void {
    const { handle, onWaiting } = this.#options;
    if (handle.view().path === 'preparing.creating') onWaiting?.();
    this.letGo('interrupted');
  }

  /** Only once: a second question means that the first answer did not settle it. */
  #decided({ type }: JobHandleEvent): JobCommand | undefined {
    if (type !== 'outcomeUnknown') return undefined;
    const given = this.#decision;
    this.#decision = undefined;
    return given;
  }

  async respond(event: JobHandleEvent): Promise<void> {
    const { handle, asker, screen, interruption } = this.#options;
    const question = questionOf(event);
    if (question === undefined || interruption.signal.aborted) return;
    const given = this.#decided(event);
    if (given !== undefined) return handle.send(given);
    // Boundary: `questionOf` returns a question only for the events in `UNASKED`.
    if (asker === undefined) return this.letGo(UNASKED[event.type as keyof typeof UNASKED]);
    const answer = await screen.lend(() => question(asker, this.#ended));
    if (this.#ended.aborted) return;
    if (answer === undefined) return interruption.abort();
    if (answer.type === 'DETACH')
      return this.letGo(event.type === 'outcomeUnknown' ? 'outcome-unknown' : 'interrupted');
    handle.send(answer);
  }
}

/** Follows a job to its end: reports, asks, and detaches when interrupted. */
export async function followJob(options: FollowOptions): Promise<CommandResult> {
  const { handle, interruption, onEvent, isAttached } = options;
  const ended = new AbortController();
  const follower = new Follower(options, ended.signal);
  let isSeen = false;
  let fault: { readonly error: unknown } | undefined;
  const stop = handle.on('*', (event) => {
    isSeen ||= event.type === 'progress' || event.type === 'checkpoint';
    onEvent(event);
    // The asker failed: the job is detached and can be resumed, and the command reports the error.
    follower.respond(event).catch((error: unknown) => {
      fault ??= { error };
      follower.letGo('interrupted');
    });
  });
  const onInterrupt = (): void => follower.interrupt();
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
  return commandResult(output, {
    because: follower.because,
    isOnlyNamed: isAttached === true && !isSeen,
  });
}
