import type { JobHandle } from '../job/job-handle.js';
import type { LaneJobFacts } from './lane-job-facts.js';
import { compareInQueue } from './starts/queue-order.js';

/** The jobs of a lane, in order of arrival. */
export interface LaneJobs {
  list(): readonly JobHandle[];
  /** Finds a job by our own id or by `jobSpecId`. */
  find(id: string): JobHandle | undefined;
  factsOf(id: string): LaneJobFacts | undefined;
  /** Whether the id belongs to a job that has not ended. */
  isActive(id: string): boolean;
  active(): readonly JobHandle[];
  /** Ids of jobs that have not ended; the first starts first. */
  inOrder(): readonly string[];
  /** Registers a job for the ports before it runs. */
  announce(id: string, facts: LaneJobFacts): void;
  add(handle: JobHandle): void;
  end(id: string): void;
  /** Removes an ended job from the list. False if there was none. */
  drop(id: string): boolean;
}

/** The number of ended jobs that can still be looked up. */
const KEPT = 1_000;

export function createLaneJobs(): LaneJobs {
  const facts = new Map<string, LaneJobFacts>();
  const handles = new Map<string, JobHandle>();
  /** Made for the first that ends. */
  let ended: Set<string> | undefined;

  function forgetOldest(): void {
    const oldest: string | undefined = ended?.values().next().value;
    if (ended === undefined || ended.size <= KEPT || oldest === undefined) return;
    ended.delete(oldest);
    handles.delete(oldest);
  }

  return {
    list: () => [...handles.values()],
    find: (id) => handles.get(id) ?? [...handles.values()].find((handle) => handle.view().jobSpecId === id),
    factsOf: (id) => facts.get(id),
    isActive: (id) => facts.has(id),
    active: () => [...handles.values()].filter((handle) => ended?.has(handle.id) !== true),
    inOrder: () => [...facts].sort(([, a], [, b]) => compareInQueue(a, b)).map(([id]) => id),
    announce: (id, known) => void facts.set(id, known),
    add(handle) {
      ended?.delete(handle.id);
      // A job that runs again moves to the end.
      handles.delete(handle.id);
      handles.set(handle.id, handle);
    },
    drop(id) {
      if (ended?.delete(id) !== true) return false;
      return handles.delete(id);
    },
    end(id) {
      facts.delete(id);
      if (handles.has(id)) {
        ended ??= new Set();
        ended.add(id);
      }
      forgetOldest();
    },
  };
}
