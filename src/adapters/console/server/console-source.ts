import type { SteeredLaneSource } from '../../../engine/job/source/lane-source.js';
import type { Limits } from '../wire/row.js';

/** The outcome of resuming stored jobs. */
export interface Resumption {
  readonly refused: readonly { readonly id: string; readonly error: unknown }[];
  /** Jobs that continue under a new id. */
  readonly moved?: readonly { readonly id: string; readonly as: string }[];
}

/** The source of the console's jobs: a lane, or a client of a fleet with the same functions. */
export interface ConsoleSource extends SteeredLaneSource {
  /** What remains of the limits of the key. */
  budget?(): Limits;
  /** Resumes stored jobs that no process drives. */
  resume?(ids: readonly string[]): Promise<Resumption>;
}
