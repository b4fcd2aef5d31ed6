import type { Failure } from '../services/failure.js';

/** Added by the binding, because machines have no clock of their own. */
interface Stamp {
  /** Epoch ms at which the reply arrived. */
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
  /** What succeeded before the failure (files that were uploaded). */
  readonly partial?: Value;
}

/** What every invoked actor resolves with. Failures are plain data; time and randomness come in with them. */
export type Reply<Value> = Succeeded<Value> | Failed<Value>;
