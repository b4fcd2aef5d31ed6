import { closeSync, openSync, rmSync, statSync } from 'node:fs';

/** A write takes microseconds: a lock that stays unchanged for this long is left over from a process that was killed. In ms. */
const LEFT_OVER_MS = 1_000;
const PAUSE_MS = 1;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Undefined if the folder takes no lock: then there is nothing to wait for. */
function take(lock: string): boolean | undefined {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EEXIST' ? false : undefined;
  }
}

const markOf = (lock: string): string => {
  const stats = statSync(lock, { bigint: true, throwIfNoEntry: false });
  return `${stats?.ino}:${stats?.mtimeNs}`;
};

/** Waits for the lock, and removes one that is left over. Returns whether it was taken. */
function takeInTurn(lock: string): boolean {
  let [mark, since] = ['', 0];
  for (;;) {
    const isTaken = take(lock);
    if (isTaken !== false) return isTaken === true;
    const now = markOf(lock);
    if (now !== mark) [mark, since] = [now, performance.now()];
    else if (performance.now() - since > LEFT_OVER_MS) rmSync(lock, { force: true });
    Atomics.wait(sleeper, 0, 0, PAUSE_MS);
  }
}

/**
 * Runs `write` while no other process does so for the same path, because several commands, or the processes of one worker, may
 * append to one trace. Synchronous, like the write itself.
 */
export function inWriteTurn(path: string, write: () => void): void {
  const lock = `${path}.lock`;
  const isTaken = takeInTurn(lock);
  try {
    write();
  } finally {
    if (isTaken) rmSync(lock, { force: true });
  }
}
