import type { JobHandle } from '../job/job-handle.js';
import type { LaneJobFacts } from './lane-job-facts.js';
import { compareInQueue } from './starts/queue-order.js';

/** The jobs of a lane, in the order in which they came. */
export interface LaneJobs {
  list(): readonly JobHandle[];
  /** By our own id or by `jobSpecId`. */
  find(id: string): JobHandle | undefined;
  factsOf(id: string): LaneJobFacts | undefined;
  /** Whether the id belongs to a job that has not ended. */
  isActive(id: string): boolean;
  active(): readonly JobHandle[];
  /** Ids of jobs that have not ended, first to start first. */
  inOrder(): readonly string[];
  /** Known to the ports before it runs. */
  announce(id: string, facts: LaneJobFacts): void;
  add(handle: JobHandle): void;
  end(id: string): void;
  /** Of a job that has ended: is not listed any more. False where there was none. */
  drop(id: string): boolean;
}

/** Jobs that have ended can be looked up until so many others have ended, too. */
const KEPT = 1_000;

export function createLaneJobs(): LaneJobs {
  const facts = new Map<string, LaneJobFacts>();
  const handles = new Map<string, JobHandle>();
  const ended = new Set<string>();

  function forgetOldest(): void {
    const oldest: string | undefined = ended.values().next().value;
    if (ended.size <= KEPT || oldest === undefined) return;
    ended.delete(oldest);
    handles.delete(oldest);
  }

  return {
    list: () => [...handles.values()],
    find: (id) => handles.get(id) ?? [...handles.values()].find((handle) => handle.view().jobSpecId === id),
    factsOf: (id) => facts.get(id),
    isActive: (id) => facts.has(id),
    active: () => [...handles.values()].filter((handle) => !ended.has(handle.id)),
    inOrder: () => [...facts].sort(([, a], [, b]) => compareInQueue(a, b)).map(([id]) => id),
    announce: (id, known) => void facts.set(id, known),
    add(handle) {
      ended.delete(handle.id);
      // A job that runs once more comes last again.
      handles.delete(handle.id);
      handles.set(handle.id, handle);
    },
    drop(id) {
      if (!ended.delete(id)) return false;
      return handles.delete(id);
    },
    end(id) {
      facts.delete(id);
      if (handles.has(id)) ended.add(id);
      forgetOldest();
    },
  };
}
