import type { JobCommand } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import { bindOnUse } from '../job/bind-on-use.js';
import { clockOf, rememberClock } from '../job/clock-of.js';
import type { JobActor } from '../job/job-actor.js';
import type { ActorJobHandle, JobHandleEvent } from '../job/job-handle.js';
import type { JobView } from '../job/source/job-view.js';
import type { SlotsAnswer } from '../job/source/slots-answer.js';

/** The handle of a stored job, with its actor for hosts that use XState. `result` and `detach` resolve once the end is stored. */
export type StoredJobHandle = ActorJobHandle;

/** A handle that waits for the store at the end of the job. */
export class StoredHandle implements StoredJobHandle {
  readonly id: string;
  readonly actor: JobActor;
  readonly #bound: ActorJobHandle;
  readonly #ended: Promise<JobOutput>;

  static {
    bindOnUse(StoredHandle.prototype, ['view', 'subscribe', 'on', 'events', 'submitSlots', 'confirm']);
    bindOnUse(StoredHandle.prototype, ['send', 'result', 'detach']);
  }

  /** @param ended resolves with the output once the end is stored */
  constructor(bound: ActorJobHandle, ended: Promise<JobOutput>) {
    this.id = bound.id;
    this.actor = bound.actor;
    this.#bound = bound;
    this.#ended = ended;
    rememberClock(this, clockOf(bound));
  }

  view(): JobView {
    return this.#bound.view();
  }

  subscribe(listener: (view: JobView) => void): () => void {
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
    return this.#bound.submitSlots(slots);
  }

  confirm(): void {
    this.#bound.confirm();
  }

  send(command: JobCommand): void {
    this.#bound.send(command);
  }

  result(): Promise<JobOutput> {
    return this.#ended;
  }

  async detach(): Promise<JobOutput> {
    await this.#bound.detach();
    return this.#ended;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobHandleEvent> {
    return this.#bound.events();
  }
}
