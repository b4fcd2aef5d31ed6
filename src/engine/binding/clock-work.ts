/**
 * What is under way beside a virtual clock. Time that moves only when it is told to must not overtake work that takes real time, or a time-out
 * of the clock strikes while a disk reads.
 */
export interface ClockWork {
  /** Runs work that takes real time: the clock stands until it has settled. Within such work, the inner one counts in the place of the outer. */
  run<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
  /** From now on the work in which this is called waits for the clock alone, until the returned function is called. */
  waits(): () => void;
  /** Like `schedule`, for a limit that the work is held to and does not wait for. */
  limit(at: number, callback: () => void): () => void;
}
