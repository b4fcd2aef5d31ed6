import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClockWork } from '../../engine/binding/clock-work.js';

/** Work that was begun and has not settled. */
interface Work {
  readonly name: string;
  /** For how many things it waits that are counted elsewhere: the clock, or work within it. */
  waiting: number;
  isOver: boolean;
}

/** Knows what is under way, and whether anything of it could go on without the clock. */
export interface WorkLedger extends Pick<ClockWork, 'run' | 'waits'> {
  /** The names of the work that goes on by itself: the clock must stand. */
  busy(): readonly string[];
  /** Resolves when that may have become less. */
  changed(): Promise<void>;
}

const once = (action: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
};

/** Who waits is told by the asynchronous context: whatever work calls, however deep, is called in it. */
export function createWorkLedger(): WorkLedger {
  const current = new AsyncLocalStorage<Work>();
  const works = new Set<Work>();
  let listeners: (() => void)[] = [];
  const tell = (): void => {
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };
  const waits = (): (() => void) => {
    const work = current.getStore();
    if (work === undefined || work.isOver) return () => undefined;
    work.waiting += 1;
    tell();
    return once(() => {
      work.waiting -= 1;
    });
  };
  return {
    waits,
    async run(name, begin) {
      const resume = waits();
      const work: Work = { name, waiting: 0, isOver: false };
      works.add(work);
      try {
        return await current.run(work, begin);
      } finally {
        work.isOver = true;
        works.delete(work);
        resume();
        tell();
      }
    },
    busy: () => [...works].filter(({ waiting }) => waiting === 0).map(({ name }) => name),
    changed: () => new Promise((resolve) => listeners.push(resolve)),
  };
}
