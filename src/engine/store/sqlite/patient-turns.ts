import { setTimeout as delay } from 'node:timers/promises';

export interface PatientTurnsOptions {
  /** How long to wait while another process has the file locked, in ms. */
  readonly timeoutMs: number;
  /** Whether an error means that another process has the file locked. */
  readonly isLocked: (cause: unknown) => boolean;
  /** Preparation before each attempt; undefined if none is needed. */
  readonly ready: () => Promise<void> | undefined;
}

/** Runs synchronous work on a file that another process may lock, without blocking the thread. */
export interface PatientTurns {
  /** One after the other, in order of the calls; at once if nothing is pending. */
  write<Result>(work: () => Result): Promise<Result>;
  /** Does not wait for writes. */
  read<Result>(work: () => Result): Promise<Result>;
  /** Resolves when no write is pending. */
  idle(): Promise<void>;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
const GROWTH = 1.6;

/** Between half and all of the pause, so that two processes do not retry in step. */
const jittered = (pauseMs: number): number => pauseMs * (0.5 + Math.random() / 2);

export function createPatientTurns({ timeoutMs, isLocked, ready }: PatientTurnsOptions): PatientTurns {
  let tail: Promise<unknown> = Promise.resolve();
  let underWay = 0;

  const persist = async <Result>(work: () => Result, giveUpAt: number): Promise<Result> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
      try {
        const preparing = ready();
        if (preparing !== undefined) await preparing;
        return work();
      } catch (cause) {
        if (!isLocked(cause) || performance.now() >= giveUpAt) throw cause;
      }
      await delay(jittered(pauseMs));
    }
  };

  return {
    read: (work) => persist(work, performance.now() + timeoutMs),
    write(work) {
      // Counted from the call: the waits of queued writes do not add up.
      const giveUpAt = performance.now() + timeoutMs;
      const done = underWay === 0 ? persist(work, giveUpAt) : tail.then(() => persist(work, giveUpAt));
      underWay += 1;
      const ended = (): void => {
        underWay -= 1;
      };
      tail = done.then(ended, ended);
      return done;
    },
    async idle() {
      while (underWay > 0) await tail;
    },
  };
}
