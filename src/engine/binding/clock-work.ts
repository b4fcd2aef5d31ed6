/**
 * The work in flight beside a virtual clock. Virtual time must not overtake work that takes real time; otherwise a timeout of the
 * clock would fire while, say, a disk read is in flight.
 */
export interface ClockWork {
  /**
   * Runs work that takes real time: the clock does not advance until it has settled. Nested work is counted instead of the work
   * around it.
   */
  run<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
  /** From now on, the work that calls this waits only for the clock, until the returned function is called. */
  waits(): () => void;
  /** Like `schedule`, for a limit that the work must not exceed and does not wait for. */
  limit(at: number, callback: () => void): () => void;
}
