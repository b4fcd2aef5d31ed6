/** Counts the requests of a pool that have no connection yet. */
export class WaitingRequests {
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Returns what ends the wait: the request has a connection, or has ended. Only its first call counts. */
  begin(): () => void {
    let isOver = false;
    this.#count += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#count -= 1;
    };
  }
}
