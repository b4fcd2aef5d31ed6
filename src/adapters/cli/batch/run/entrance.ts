import type { JobHandle } from '../../../../engine/job/job-handle.js';

/** The right to start the next job. */
export interface Turn {
  /** Resolves when the job before has entered the queue of the lane. */
  readonly comes: Promise<void>;
  /** Lets the next one enter. Can be called again. */
  end(): void;
}

/**
 * Lets the jobs of a batch enter the queue of the lane in the order in which their turns were taken. Otherwise a place would go
 * to the job that is checked first, whatever its priority.
 */
export interface Entrance {
  takeTurn(): Turn;
}

export function createEntrance(): Entrance {
  let last: Promise<void> = Promise.resolve();
  return {
    takeTurn() {
      const comes = last;
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      last = Promise.all([comes, ended]).then(() => undefined);
      return { comes, end };
    },
  };
}

/** What a job does before it asks for a place. */
const BEFORE_THE_QUEUE = /^preparing\.(starting|validating|inspecting)/;

/** Resolves when the job has asked for a place, needs none, or has ended. */
export const hasEntered = (handle: JobHandle): Promise<void> =>
  new Promise((resolve) => {
    const isBefore = (): boolean => BEFORE_THE_QUEUE.test(handle.view().path);
    const stop = handle.subscribe(() => {
      if (isBefore()) return;
      stop();
      resolve();
    });
    if (isBefore()) return;
    stop();
    resolve();
  });
