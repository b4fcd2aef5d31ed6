import type { JobCommand, JobEmitted, JobSignal } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Position } from './position.js';

/** A call that the host has to make: an actor of the chart that was started and has not answered. Plain JSON. */
export interface OpenCall {
  /** The actor's id: the same each time the chart enters the state that invokes it. */
  readonly id: string;
  /** One a start: the answer to an earlier start of the same actor does not fit it, and is dropped. */
  readonly token: string;
  /** The name of the actor in `goalJobMachine`. */
  readonly src: string;
  readonly input: unknown;
}

/** A job as a host without a running actor stores it between two steps. Plain JSON. */
export interface InterpretedJob extends Position {
  readonly status: 'active' | 'done' | 'error';
  /** Of a job that is done. */
  readonly output?: JobOutput;
  /** Of a job whose chart threw: a bug, and no step leads on from here. */
  readonly failure?: Failure;
  readonly open: readonly OpenCall[];
  /** How many calls were started so far: the next token is made of it. */
  readonly started: number;
}

/** What can happen to a job. */
export type Stimulus =
  | { readonly type: 'command'; readonly command: JobCommand }
  /** An answer to the call of this token. */
  | { readonly type: 'reply'; readonly token: string; readonly reply: Reply<unknown> }
  /** The host's own function for this call threw instead of answering. */
  | { readonly type: 'crash'; readonly token: string; readonly error: unknown }
  /** Progress of the call of this token. */
  | { readonly type: 'signal'; readonly token: string; readonly signal: JobSignal };

/** What a step leaves to be done: first store `job`, then make the calls (law 4, never lost). */
export interface Step {
  readonly job: InterpretedJob;
  /** Calls to make now. */
  readonly started: readonly OpenCall[];
  /** Calls whose answer is not awaited any more: abort them where that is possible. */
  readonly stopped: readonly OpenCall[];
  /** In the order in which the chart emitted them. */
  readonly emitted: readonly JobEmitted[];
}
