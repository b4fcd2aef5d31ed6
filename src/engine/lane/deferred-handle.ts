import type { JobCommand } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import { asFailure } from '../binding/as-failure.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import { Audience } from '../job/audience.js';
import { bindOnUse } from '../job/bind-on-use.js';
import { checkCommand } from '../job/check-command.js';
import { rememberClock } from '../job/clock-of.js';
import type { JobHandle, JobHandleEvent } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import type { JobView } from '../job/source/job-view.js';
import type { SlotsAnswer } from '../job/source/slots-answer.js';
import { earlyView, endedView } from '../job/view/early-view.js';
import { ViewListeners } from '../job/view/view-listeners.js';

interface Listening {
  readonly clock: Clock;
  readonly logger: JobLogger | undefined;
}

type EndedEarly = Exclude<JobOutput, { status: 'completed' }>;

/**
 * A job that cannot be stored does not start, and nothing was sent: a new job has failed, an existing one continues on the server
 * without us (law 7, never disowned).
 */
function unstored({ jobSpecId }: JobInput, error: unknown): EndedEarly {
  const failure = asFailure(error);
  if (jobSpecId === undefined) return { status: 'failed', failure };
  return { status: 'detached', jobSpecId, reason: 'local-failure', failure };
}

/**
 * The handle of a job that is still being stored: available at once, and delegates to the real handle later. Earlier commands are
 * kept. If the job cannot be stored, it ends at once.
 */
export class DeferredHandle implements JobHandle {
  readonly id: string;
  readonly #clock: Clock;
  readonly #started: Promise<JobHandle>;
  readonly #output: Promise<JobOutput>;
  readonly #audience: Audience;
  readonly #viewers: ViewListeners<JobView>;
  readonly #commands: JobCommand[] = [];
  #real: JobHandle | undefined;
  /** The view until the real handle exists. */
  #view: JobView;
  /** Unsubscribes from the real handle. */
  #unwatch: (() => void) | undefined;

  static {
    bindOnUse(DeferredHandle.prototype, ['view', 'subscribe', 'on', 'events', 'submitSlots', 'confirm']);
    bindOnUse(DeferredHandle.prototype, ['send', 'result', 'detach']);
  }

  constructor(id: string, input: JobInput, { clock, logger }: Listening, started: Promise<JobHandle>) {
    this.id = id;
    this.#clock = clock;
    rememberClock(this, clock);
    this.#started = started;
    this.#audience = new Audience(id, logger, undefined);
    this.#viewers = new ViewListeners(logger, id);
    this.#view = earlyView(input, wallTimeOf(clock));
    this.#output = started.then(
      (handle) => this.#become(handle),
      (error: unknown) => this.#end(unstored(input, error)),
    );
    void this.#output.then(() => this.#audience.end());
  }

  view(): JobView {
    return this.#real?.view() ?? this.#view;
  }

  subscribe(listener: (view: JobView) => void): () => void {
    const end = this.#viewers.add(listener);
    this.#watch();
    return () => {
      end();
      if (!this.#viewers.isEmpty) return;
      this.#unwatch?.();
      this.#unwatch = undefined;
    };
  }

  on(type: string, listener: (event: never) => void): () => void {
    return this.#audience.on(type, listener);
  }

  events({ signal }: { readonly signal?: AbortSignal | undefined } = {}) {
    return this.#audience.reader(signal);
  }

  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer> {
    checkCommand({ type: 'SUBMIT_SLOTS', slots });
    if (this.#real !== undefined) return this.#real.submitSlots(slots);
    // Nothing was asked yet.
    return Promise.resolve({ status: 'closed' });
  }

  confirm(): void {
    this.send({ type: 'CONFIRM' });
  }

  send(given: JobCommand): void {
    const command = checkCommand(given);
    if (this.#real !== undefined) this.#real.send(command);
    else this.#commands.push(command);
  }

  result(): Promise<JobOutput> {
    return this.#output;
  }

  async detach(): Promise<JobOutput> {
    await this.#started.then((handle) => handle.detach()).catch(() => undefined);
    return this.#output;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobHandleEvent> {
    return this.#audience.reader();
  }

  #become(handle: JobHandle): Promise<JobOutput> {
    this.#real = handle;
    handle.on('*', (event) => this.#audience.deliver(event));
    this.#watch();
    this.#viewers.notify(this.view());
    for (const command of this.#commands.splice(0)) handle.send(command);
    return handle.result();
  }

  #end(output: EndedEarly): JobOutput {
    const at = wallTimeOf(this.#clock);
    this.#view = endedView(this.#view, output, at);
    this.#viewers.notify(this.#view);
    if (output.status === 'failed') this.#audience.deliver({ type: 'failed', failure: output.failure, at });
    else this.#audience.deliver({ type: 'detached', reason: output.reason, at });
    return output;
  }

  #watch(): void {
    if (this.#viewers.isEmpty) return;
    this.#unwatch ??= this.#real?.subscribe((view) => this.#viewers.notify(view));
  }
}
