import { setMaxListeners } from 'node:events';
import { type Clock, waitUntil } from '../binding/clock.js';
import type { JobStore } from '../store/job-store.js';
import type { Lease } from '../store/lease/job-lease.js';

/** Finds out whether the owner of a lease lives, by its heartbeat: what its clock says and what ours says is no proof. */
export interface LeaseWatch {
  /**
   * Resolves with true when the owner's heart has not beaten for as long as its leases last, with false at its first beat, and when the
   * watch is stopped. Several jobs of one owner are one watch.
   */
  isSilent(lease: Lease): Promise<boolean>;
  stop(): void;
}

/** So often within the life of a lease: a process that is alive has beaten as often. */
export const BEATS = 3;

export function createLeaseWatch(store: JobStore, clock: Clock, stopWaiting?: AbortSignal): LeaseWatch {
  const stopped = new AbortController();
  const signal = stopWaiting === undefined ? stopped.signal : AbortSignal.any([stopped.signal, stopWaiting]);
  // Each owner that is watched listens to it: many are no leak.
  setMaxListeners(0, signal);
  const watched = new Map<string, Promise<boolean>>();

  const beatOf = async (ownerId: string): Promise<number | undefined> =>
    (await store.leases()).find(({ owner }) => owner.id === ownerId)?.expiresAt;

  /** Counted by looks, not by time: a machine that slept between two of them gives its other processes time to beat, too. */
  async function watch({ owner, expiresAt, ttlMs }: Lease): Promise<boolean> {
    for (let look = 0; look < BEATS; look += 1) {
      await waitUntil(clock, clock.now() + ttlMs / BEATS, signal);
      if ((await beatOf(owner.id)) !== expiresAt) return false;
    }
    return true;
  }

  return {
    isSilent(lease) {
      const key = `${lease.owner.id} ${lease.expiresAt}`;
      const running = watched.get(key);
      if (running !== undefined) return running;
      const found = watch(lease).catch((error: unknown) => {
        if (signal.aborted) return false;
        throw error;
      });
      watched.set(key, found);
      const done = (): boolean => watched.delete(key);
      found.then(done, done);
      return found;
    },
    stop: () => stopped.abort(),
  };
}
