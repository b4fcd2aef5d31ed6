import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClockWork } from '../../engine/binding/clock-work.js';

/** Work that has started and not settled. */
interface Work {
  readonly name: string;
  /** The number of waits that are counted elsewhere: for the clock, or for work within this work. */
  waiting: number;
  isOver: boolean;
}

/** Knows the work in flight, and whether some of it can continue without the clock. */
export interface WorkLedger extends Pick<ClockWork, 'run' | 'waits'> {
  /** The names of the work that continues without the clock, which must not advance meanwhile. */
  busy(): readonly string[];
  /** Resolves when that work may have become less. */
  changed(): Promise<void>;
}

const once = (action: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
};

/** The asynchronous context identifies who waits: everything that work calls, however deep, runs in it. */
export function createWorkLedger(): WorkLedger {
  const current = new AsyncLocalStorage<Work>();
  const works = new Set<Work>();
  let listeners: (() => void)[] = [];
  const notify = (): void => {
    const notified = listeners;
    listeners = [];
    for (const listener of notified) listener();
  };
  const waits = (): (() => void) => {
    const work = current.getStore();
    if (work === undefined || work.isOver) return () => undefined;
    work.waiting += 1;
    notify();
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
        notify();
      }
    },
    busy: () => [...works].filter(({ waiting }) => waiting === 0).map(({ name }) => name),
    changed: () => new Promise((resolve) => listeners.push(resolve)),
  };
}
