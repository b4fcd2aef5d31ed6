import { jobResult } from '../../machines/job-result.js';
import { wallTimeOf } from '../binding/clock.js';
import type { Position } from '../interpreter/position.js';
import type { BoundJobParts } from '../job/bound-job.js';
import { stopCalls } from '../job/call-actor.js';
import { eventNow } from '../job/wall-times.js';
import { onlyWaits } from './waits-for.js';

/**
 * Detaches a job that only waits before its machine takes the step to its end: the step takes longer than all else, and a hundred
 * thousand jobs may be closed at one time. The machine takes it when somebody looks.
 */
export class Departure {
  readonly #parts: BoundJobParts;
  #isAllowed: boolean;
  #onLeave: ((end: Position) => void) | undefined;

  /** @param isUnobserved only the host, through the handle of the job, can observe the steps of its machine */
  constructor(parts: BoundJobParts, isUnobserved: boolean) {
    this.#parts = parts;
    this.#isAllowed = isUnobserved;
  }

  get hasLeft(): boolean {
    return this.#parts.watch.endedAt !== undefined;
  }

  get position(): Position {
    const { value, context } = this.#parts.actor.getSnapshot();
    return this.hasLeft ? { value: 'detached', context } : { value, context };
  }

  /** Whether the job has ended in a state of its chart. */
  get isDone(): boolean {
    return this.hasLeft || this.#parts.actor.getSnapshot().status === 'done';
  }

  /** The host observes each step of the machine from now on. */
  forbid(): void {
    this.#isAllowed = false;
    this.catchUp();
  }

  /** For one observer of the steps, in place of the one that is not taken. */
  onLeave(callback: (end: Position) => void): void {
    this.#onLeave = callback;
  }

  /** Resolves when nothing of the job is left; undefined if the machine must take the step. */
  leave(): Promise<void> | undefined {
    const { actor, watch, audience, clock, inFlight, resolve } = this.#parts;
    const { status, children, context } = actor.getSnapshot();
    const mayLeave = this.#isAllowed && status === 'active' && onlyWaits(this.position);
    if (!mayLeave || this.hasLeft) return undefined;
    watch.endedAt = wallTimeOf(clock);
    stopCalls(children);
    audience.deliver(eventNow({ type: 'detached', reason: 'requested' }, clock));
    audience.end();
    this.#onLeave?.(this.position);
    const { jobSpecId, failure } = context;
    resolve(jobResult({ jobSpecId, failure, outcome: 'detached', detachReason: 'requested' }));
    return inFlight.idle();
  }

  /** Lets the machine of a job that has left take its step. */
  catchUp(): void {
    const { actor } = this.#parts;
    if (this.hasLeft && actor.getSnapshot().status === 'active') actor.send({ type: 'DETACH' });
  }
}
