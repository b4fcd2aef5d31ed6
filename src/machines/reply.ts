import type { Failure } from '../services/failure.js';

/** Stamped by the binding: machines have no clock of their own. */
interface Stamp {
  /** Epoch ms at which the answer came. */
  readonly at: number;
}

export interface Succeeded<Value> extends Stamp {
  readonly ok: true;
  readonly value: Value;
}

export interface Failed<Value = unknown> extends Stamp {
  readonly ok: false;
  readonly failure: Failure;
  /** A random number in [0, 1), drawn by the binding, for jitter. */
  readonly random: number;
  /** What was done before the failure (files that did arrive). */
  readonly partial?: Value;
}

/** What every invoked actor resolves with: failures are plain data, and time and chance come in with them. */
export type Reply<Value> = Succeeded<Value> | Failed<Value>;
