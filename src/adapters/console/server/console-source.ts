import type { SteeredLaneSource } from '../../../engine/job/source/lane-source.js';
import type { Limits, RequestEntry } from '../wire/row.js';

/** What the console stands on: a lane of this process, or a client of a fleet with the same functions. */
export interface ConsoleSource extends SteeredLaneSource {
  /** What is left of the limits of the key. */
  budget?(): Limits;
  /** Goes on with a stored job that nobody drives. */
  resume?(ids: readonly string[]): Promise<unknown>;
  /** The newest exchanges of a job with the API, oldest first. */
  requests?(jobId: string): readonly RequestEntry[];
}
