import type { JobHandle } from '../../../../engine/job/job-handle.js';

/** The right of a job to start. */
export interface Turn {
  /** Resolves when all jobs of a higher priority have entered the queue of the lane. */
  readonly comes: Promise<unknown>;
  /** The job has entered the queue, or never will. Can be called again. */
  end(): void;
}

/**
 * Lets jobs enter the queue of the lane after those of a higher priority. Otherwise a place would go to the job that is checked
 * first, whatever its priority.
 */
export interface Entrance {
  /** Turns are taken in the order of priority, the highest first. */
  takeTurn(priority: number): Turn;
}

/** The turns of one priority: counted, because there may be 100,000. */
function createGroup() {
  let [waiting, isClosed] = [0, false];
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const look = (): void => {
    if (isClosed && waiting === 0) finish();
  };
  return {
    done,
    close() {
      isClosed = true;
      look();
    },
    takeTurn(): () => void {
      let isOver = false;
      waiting += 1;
      return () => {
        if (!isOver) waiting -= 1;
        isOver = true;
        look();
      };
    },
  };
}

export function createEntrance(): Entrance {
  let current: number | undefined;
  let before: Promise<unknown> = Promise.resolve();
  let group = createGroup();
  return {
    takeTurn(priority) {
      if (priority !== current) {
        group.close();
        before = Promise.all([before, group.done]);
        group = createGroup();
        current = priority;
      }
      return { comes: before, end: group.takeTurn() };
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
