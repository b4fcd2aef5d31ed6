import type { SteeredLaneSource } from '../../../engine/job/source/lane-source.js';
import type { Limits } from '../wire/row.js';

/** What became of stored jobs that were to go on. */
export interface Resumption {
  readonly refused: readonly { readonly id: string; readonly error: unknown }[];
}

/** What the console stands on: a lane as it is, or a client of a fleet with the same functions. */
export interface ConsoleSource extends SteeredLaneSource {
  /** What is left of the limits of the key. */
  budget?(): Limits;
  /** Goes on with stored jobs that nobody drives. */
  resume?(ids: readonly string[]): Promise<Resumption>;
}
