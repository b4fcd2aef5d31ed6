import type { JobCommand, JobEmitted, JobSignal } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Position } from './position.js';

/** A call that the host has to make: an actor of the chart that was started and has no answer yet. Plain JSON. */
export interface OpenCall {
  /** The actor's id: the same whenever the chart enters the state that invokes it. */
  readonly id: string;
  /** Unique per start: the answer to an earlier start of the same actor does not match and is dropped. */
  readonly token: string;
  /** The name of the actor in `goalJobMachine`. */
  readonly src: string;
  readonly input: unknown;
}

/** A job as stored between two steps by a host without a running actor. Plain JSON. */
export interface InterpretedJob extends Position {
  readonly status: 'active' | 'done' | 'error';
  /** Present if the job is done. */
  readonly output?: JobOutput;
  /** Present if the chart threw: a bug, after which no further step is possible. */
  readonly failure?: Failure;
  readonly open: readonly OpenCall[];
  /** How many calls were started so far; the next token is derived from it. */
  readonly started: number;
}

/** What can happen to a job. */
export type Stimulus =
  | { readonly type: 'command'; readonly command: JobCommand }
  /** An answer to the call with this token. */
  | { readonly type: 'reply'; readonly token: string; readonly reply: Reply<unknown> }
  /** The host's function for this call threw instead of resolving. */
  | { readonly type: 'crash'; readonly token: string; readonly error: unknown }
  /** Progress of the call with this token. */
  | { readonly type: 'signal'; readonly token: string; readonly signal: JobSignal };

/** What the host has to do after a step: first store `job`, then make the calls (law 4, never lost). */
export interface Step {
  readonly job: InterpretedJob;
  /** Calls to make now. */
  readonly started: readonly OpenCall[];
  /** Calls whose answer is no longer needed: abort them if possible. */
  readonly stopped: readonly OpenCall[];
  /** In the order in which the chart emitted them. */
  readonly emitted: readonly JobEmitted[];
}
