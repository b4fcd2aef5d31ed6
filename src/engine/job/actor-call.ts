import type { AnyActorRef } from 'xstate';
import type { JobSignal } from '../../machines/job-events.js';
import { OwnCall } from '../binding/call-context.js';
import type { BindOptions } from './bind-options.js';
import { jobFields } from './job-logger.js';

/** Whose calls are made: a job's. */
interface CallOwner {
  readonly binding: Pick<BindOptions, 'beforeEffect'>;
}

/** The job that invoked an actor: XState exposes it only here. */
export const jobOf = (self: AnyActorRef): AnyActorRef => self._parent ?? self;

/** A call made by an actor. A class instead of closures: a lane has one for each of ten thousand waiting jobs. */
export class ActorCall<Owner extends CallOwner = CallOwner> extends OwnCall {
  readonly owner: Owner;
  readonly #job: AnyActorRef;

  constructor(job: AnyActorRef, owner: Owner) {
    super();
    this.#job = job;
    this.owner = owner;
  }

  override get jobId(): string {
    return this.#job.id;
  }

  override jobFields(): object {
    return jobFields(this.#job.getSnapshot());
  }

  override report(signal: JobSignal): void {
    this.#job.send(signal);
  }

  override async beforeEffect(call: string): Promise<void> {
    const { binding } = this.owner;
    if (binding.beforeEffect === undefined) return;
    // The actor starts during the transition of its parent: one microtask later the parent's snapshot is current.
    await Promise.resolve();
    await binding.beforeEffect(this.#job, call);
  }
}
