import type { AnyActorRef } from 'xstate';
import type { JobSignal } from '../../machines/job-events.js';
import type { CallContext } from '../binding/call-context.js';
import type { BindOptions } from './bind-options.js';
import { jobFields } from './job-logger.js';

/** The job that invoked an actor: XState names it only here. */
export const jobOf = (self: AnyActorRef): AnyActorRef => self._parent ?? self;

/** A call that an actor makes. A class, not closures: a lane has one for each of ten thousand waiting jobs. */
export class ActorCall implements CallContext {
  readonly #job: AnyActorRef;
  readonly #host: Pick<BindOptions, 'beforeEffect'>;

  constructor(
    job: AnyActorRef,
    host: Pick<BindOptions, 'beforeEffect'>,
    readonly signal: AbortSignal,
  ) {
    this.#job = job;
    this.#host = host;
  }

  get jobId(): string {
    return this.#job.id;
  }

  jobFields(): object {
    return jobFields(this.#job.getSnapshot());
  }

  tell(signal: JobSignal): void {
    this.#job.send(signal);
  }

  async beforeEffect(call: string): Promise<void> {
    if (this.#host.beforeEffect === undefined) return;
    // The actor starts while its parent is still in transition: one turn later the parent's snapshot is the new one.
    await Promise.resolve();
    await this.#host.beforeEffect(this.#job, call);
  }
}
