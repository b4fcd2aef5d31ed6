import { setTimeout as delay } from 'node:timers/promises';

export interface PatientTurnsOptions {
  /** How long another process may hold the file before the work is given up, in ms. */
  readonly timeoutMs: number;
  /** Whether what was thrown means that another process holds the file. */
  readonly isLocked: (cause: unknown) => boolean;
  /** What must have happened before each try; undefined where nothing has to. */
  readonly ready: () => Promise<void> | undefined;
}

/** Does synchronous work on a file that another process may hold, without the thread standing still meanwhile. */
export interface PatientTurns {
  /** One after the other, in the order in which they were asked for; at once where nothing waits. */
  write<Result>(work: () => Result): Promise<Result>;
  /** Waits for no write. */
  read<Result>(work: () => Result): Promise<Result>;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
const GROWTH = 1.6;

/** Between half and the whole of it: two processes do not try in step. */
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
      // From when it was asked for: many that wait behind a lock do not add up.
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
