/** SQLite does not report changes by other processes: its data version is polled while there are listeners. */
const LOOK_EVERY_MS = 1_000;

export interface ChangeWatch {
  listen(listener: () => void): () => void;
  stop(): void;
}

/** @param version changes after another process has written; rejects for an unreadable file, which is polled again */
export function createChangeWatch(version: () => Promise<unknown>): ChangeWatch {
  const listeners = new Set<{ readonly call: () => void }>();
  let timer: NodeJS.Timeout | undefined;
  let seen: Promise<unknown> | undefined;

  async function look(): Promise<void> {
    const now = version().catch(() => undefined);
    const before = await seen;
    seen = now;
    if (before === undefined || (await now) === undefined || (await now) === before) return;
    for (const { call } of [...listeners]) call();
  }
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    listeners.clear();
  };
  return {
    listen(call) {
      const entry = { call };
      listeners.add(entry);
      if (timer === undefined) {
        seen = version().catch(() => undefined);
        timer = setInterval(() => void look(), LOOK_EVERY_MS);
        // Listening alone must not keep the process alive.
        timer.unref();
      }
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0) stop();
      };
    },
    stop,
  };
}
