import { setMaxListeners } from 'node:events';
import { type Clock, waitUntil } from '../binding/clock.js';
import type { JobStore } from '../store/job-store.js';
import type { Lease } from '../store/lease/job-lease.js';

/** Finds out by its heartbeat whether the owner of a lease is alive: clocks, its own or ours, prove nothing. */
export interface LeaseWatch {
  /**
   * Resolves with true if the owner sent no heartbeat for the duration of its leases; with false at its first heartbeat, or when
   * the watch is stopped. Several jobs of one owner share a watch.
   */
  isSilent(lease: Lease): Promise<boolean>;
  stop(): void;
}

/** Checks per lease duration: a living process sends as many heartbeats. */
export const BEATS = 3;

export function createLeaseWatch(store: JobStore, clock: Clock, stopWaiting?: AbortSignal): LeaseWatch {
  const stopped = new AbortController();
  const signal = stopWaiting === undefined ? stopped.signal : AbortSignal.any([stopped.signal, stopWaiting]);
  // Each watched owner adds a listener to the signal: many are not a leak.
  setMaxListeners(0, signal);
  const watched = new Map<string, Promise<boolean>>();

  const beatOf = async (ownerId: string): Promise<number | undefined> =>
    (await store.leases()).find(({ owner }) => owner.id === ownerId)?.expiresAt;

  /** Counts checks instead of time: if the machine slept between two checks, its other processes get time for a heartbeat too. */
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
