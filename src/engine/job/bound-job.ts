import type { JobCommand } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import type { Clock } from '../binding/clock.js';
import type { Audience } from './audience.js';
import { bindOnUse } from './bind-on-use.js';
import { checkCommand } from './check-command.js';
import { rememberClock } from './clock-of.js';
import { afterCreate } from './create-grace.js';
import type { InFlight } from './in-flight.js';
import type { JobActor } from './job-actor.js';
import type { ActorJobHandle, JobHandleEvent } from './job-handle.js';
import type { JobOutcome } from './job-outcome.js';
import type { JobView } from './source/job-view.js';
import type { SlotsAnswer } from './source/slots-answer.js';
import { submitted } from './submission.js';
import type { JobWatch } from './view/job-watch.js';

/** The parts of a handle. */
export interface BoundJobParts extends JobOutcome {
  readonly actor: JobActor;
  readonly audience: Audience;
  readonly watch: JobWatch;
  readonly inFlight: InFlight;
  readonly clock: Clock;
}

/** The handle of a running job. */
export class BoundJob implements ActorJobHandle {
  readonly id: string;
  readonly actor: JobActor;
  readonly #parts: BoundJobParts;

  static {
    bindOnUse(BoundJob.prototype, ['view', 'subscribe', 'on', 'events', 'submitSlots', 'confirm', 'send']);
    bindOnUse(BoundJob.prototype, ['result', 'detach']);
  }

  constructor(parts: BoundJobParts) {
    this.#parts = parts;
    this.actor = parts.actor;
    this.id = parts.actor.id;
    rememberClock(this, parts.clock);
  }

  view(): JobView {
    return this.#parts.watch.view();
  }

  subscribe(listener: (view: JobView) => void): () => void {
    return this.#parts.watch.subscribe(listener);
  }

  on(type: string, listener: (event: never) => void): () => void {
    return this.#parts.audience.on(type, listener);
  }

  events({ signal }: { readonly signal?: AbortSignal | undefined } = {}) {
    return this.#parts.audience.reader(signal);
  }

  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer> {
    const command = checkCommand({ type: 'SUBMIT_SLOTS', slots });
    return submitted(this.actor, slots, () => this.#send(command));
  }

  confirm(): void {
    this.#send({ type: 'CONFIRM' });
  }

  send(command: JobCommand): void {
    this.#send(checkCommand(command));
  }

  result(): Promise<JobOutput> {
    return this.#parts.output;
  }

  async detach(): Promise<JobOutput> {
    afterCreate(this.actor, this.#parts.clock, () => this.#send({ type: 'DETACH' }));
    const output = await this.#parts.output;
    await this.#parts.inFlight.idle();
    return output;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobHandleEvent> {
    return this.#parts.audience.reader();
  }

  #send(command: JobCommand): void {
    // A command after the end is ignored: the host could not know of the end.
    if (this.actor.getSnapshot().status === 'active') this.actor.send(command);
  }
}
