import type { JobCommand } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import { bindOnUse } from '../job/bind-on-use.js';
import { clockOf, rememberClock } from '../job/clock-of.js';
import type { JobActor } from '../job/job-actor.js';
import type { ActorJobHandle, JobHandleEvent } from '../job/job-handle.js';
import type { JobView } from '../job/source/job-view.js';
import type { SlotsAnswer } from '../job/source/slots-answer.js';
import type { Departure } from './departure.js';

/** The handle of a stored job, with its actor for hosts that use XState. `result` and `detach` resolve once the end is stored. */
export type StoredJobHandle = ActorJobHandle;

/** A handle that waits for the store at the end of the job. */
export class StoredHandle implements StoredJobHandle {
  readonly id: string;
  readonly #bound: ActorJobHandle;
  readonly #departure: Departure;
  readonly #ended: Promise<JobOutput>;

  static {
    bindOnUse(StoredHandle.prototype, ['view', 'subscribe', 'on', 'events', 'submitSlots', 'confirm']);
    bindOnUse(StoredHandle.prototype, ['send', 'result', 'detach']);
  }

  /** @param ended resolves with the output once the end is stored */
  constructor(bound: ActorJobHandle, departure: Departure, ended: Promise<JobOutput>) {
    this.id = bound.id;
    this.#bound = bound;
    this.#departure = departure;
    this.#ended = ended;
    rememberClock(this, clockOf(bound));
  }

  get actor(): JobActor {
    this.#departure.forbid();
    return this.#bound.actor;
  }

  view(): JobView {
    this.#departure.catchUp();
    return this.#bound.view();
  }

  subscribe(listener: (view: JobView) => void): () => void {
    this.#departure.forbid();
    return this.#bound.subscribe(listener);
  }

  on(type: string, listener: (event: never) => void): () => void {
    // Boundary: the wrapped handle has the same overloads, and passes each listener only events of its type.
    return this.#bound.on(type as '*', listener as (event: JobHandleEvent) => void);
  }

  events(options?: { readonly signal?: AbortSignal | undefined }) {
    return this.#bound.events(options);
  }

  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer> {
    // Its answer depends on each step.
    this.#departure.forbid();
    return this.#bound.submitSlots(slots);
  }

  confirm(): void {
    this.send({ type: 'CONFIRM' });
  }

  send(command: JobCommand): void {
    // A command after the end is ignored, and an invalid one refused.
    this.#departure.catchUp();
    this.#bound.send(command);
  }

  result(): Promise<JobOutput> {
    return this.#ended;
  }

  async detach(): Promise<JobOutput> {
    await (this.#departure.leave() ?? this.#bound.detach());
    return this.#ended;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobHandleEvent> {
    return this.#bound.events();
  }
}
