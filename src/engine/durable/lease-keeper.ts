import { type Clock, wallTimeOf } from '../binding/clock.js';
import type { JobStore } from '../store/job-store.js';
import { isDoubtful, type Lease, type LeaseClaim, type StoreOwner } from '../store/lease/job-lease.js';
import { BEATS, createLeaseWatch } from './lease-watch.js';
import { StoredJobError } from './stored-job-error.js';

/**
 * A lease of ours, or a claim on a job that another process seems to have: decided once `settled`, at the latest when its lease
 * has expired.
 */
export type Taken = Lease | { readonly settled: Promise<Lease | StoredJobError> };

/** The leases of this process: acquired, renewed by a heartbeat, released. */
export interface LeaseKeeper {
  /**
   * In the order of the ids; an error if another process has the job. If that process may be gone, its heartbeat is watched for
   * the duration of its lease. @throws StoreError
   */
  take(jobIds: readonly string[]): Promise<readonly Taken[]>;
  /** Releases one lease. */
  release(lease: Lease): Promise<void>;
  /** Another owner has it: there is nothing to release. */
  forget(lease: Lease): void;
  /** Stops watching other processes: those without a heartbeat so far count as alive. */
  stopWatching(): void;
  /** All leases will be released soon: until then, none is released individually, because each release costs a write. */
  releaseLater(): void;
  /** Releases all leases and ends the heartbeat. */
  releaseAll(): Promise<void>;
}

export interface LeaseKeeperOptions {
  readonly store: JobStore;
  readonly owner: StoreOwner;
  readonly clock: Clock;
  /** How long a lease outlives its last heartbeat, in ms. */
  readonly ttlMs: number;
  /** When aborted, no other process is watched any longer. */
  readonly stopWaiting?: AbortSignal | undefined;
  /** The process that has a job may be gone: its heartbeat is watched from now on. */
  readonly onDoubt: (lease: Lease) => void;
  readonly onLost: (lease: Lease) => void;
  /** The heartbeat could not be written. */
  readonly onFailure: (error: unknown) => void;
}

function heldBy(holder: Lease): StoredJobError {
  const { owner, jobId, expiresAt } = holder;
  const end = new Date(expiresAt).toISOString();
  const message = `Job ${jobId} is driven by process ${owner.pid} on ${owner.host} (its lease runs until ${end}).`;
  return new StoredJobError('held', jobId, message, { holder: owner, heldUntil: expiresAt });
}

/** Sends heartbeats while there is something to keep alive, one at a time. */
function createHeartbeat(clock: Clock, everyMs: number, isNeeded: () => boolean, beat: () => Promise<void>) {
  let cancel: (() => void) | undefined;
  let isBeating = false;
  const settle = (): void => {
    if (!isNeeded()) {
      cancel?.();
      cancel = undefined;
    } else if (!isBeating && cancel === undefined) {
      cancel = clock.schedule(clock.now() + everyMs, () => void once());
    }
  };
  const once = async (): Promise<void> => {
    isBeating = true;
    cancel = undefined;
    await beat();
    isBeating = false;
    settle();
  };
  return settle;
}

const sumOfTokens = (leases: readonly Lease[]): number => leases.reduce((sum, { token }) => sum + token, 0);

/** Tokens are never reused, and those granted since are higher: the same count with the same sum means the same leases. */
const areSame = (some: readonly Lease[], others: readonly Lease[]): boolean =>
  some.length === others.length && sumOfTokens(some) === sumOfTokens(others);

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, owner, clock, ttlMs } = options;
  const held = new Map<string, Lease>();
  let isEnding = false;
  const watch = createLeaseWatch(store, clock, options.stopWaiting);
  const claim = (): LeaseClaim => ({ owner, now: wallTimeOf(clock), ttlMs });

  let grants = 0;
  /** The answer to the last heartbeat, and the grants before it: a store answers with the same array while nothing changes. */
  let known: { readonly leases: readonly Lease[]; readonly grants: number } | undefined;
  const beat = async (): Promise<void> => {
    const before = [...held.values()];
    const grantsBefore = grants;
    try {
      const renewed = await store.renewLeases(claim());
      const isAsBefore = renewed === known?.leases && grantsBefore === known.grants;
      known = { leases: renewed, grants: grantsBefore };
      if (isAsBefore || areSame(renewed, before)) return;
      const ours = new Set(renewed.map((lease) => lease.token));
      // Only leases held before the renewal: those acquired since are not in the answer.
      for (const lease of before) if (!ours.has(lease.token) && forget(lease)) options.onLost(lease);
    } catch (error) {
      options.onFailure(error);
    }
  };
  const keepAlive = createHeartbeat(clock, ttlMs / BEATS, () => held.size > 0, beat);
  const forget = (lease: Lease): boolean => {
    if (held.get(lease.jobId)?.token !== lease.token) return false;
    held.delete(lease.jobId);
    keepAlive();
    return true;
  };

  const acquire = async (jobIds: readonly string[], silent?: LeaseClaim['silent']) => {
    const answers = await store.acquireLeases(jobIds, { ...claim(), ...(silent ? { silent } : {}) });
    // One that is lost before the next heartbeat leaves the store's leases as they were: counted, so that it is noticed.
    grants += 1;
    for (const answer of answers) if (answer.acquired) held.set(answer.lease.jobId, answer.lease);
    keepAlive();
    return answers;
  };
  /** Tries again if the owner of a job showed no heartbeat. */
  const outwait = async (holder: Lease): Promise<Lease | StoredJobError> => {
    if (!isDoubtful(holder, wallTimeOf(clock))) return heldBy(holder);
    options.onDoubt(holder);
    if (!(await watch.isSilent(holder))) return heldBy(holder);
    const [again] = await acquire([holder.jobId], new Map([[holder.owner.id, holder.expiresAt]]));
    return again?.acquired ? again.lease : heldBy(again?.holder ?? holder);
  };

  return {
    async take(jobIds) {
      const answers = await acquire(jobIds);
      return answers.map((answer) => {
        if (answer.acquired) return answer.lease;
        const settled = outwait(answer.holder);
        // The caller may already handle another job when the store fails.
        settled.catch(() => undefined);
        return { settled };
      });
    },
    stopWatching: watch.stop,
    releaseLater() {
      isEnding = true;
    },
    async release(lease) {
      if (forget(lease) && !isEnding) await store.releaseLease(lease);
    },
    forget: (lease) => void forget(lease),
    async releaseAll() {
      for (const lease of [...held.values()]) forget(lease);
      await store.releaseOwner(owner);
    },
  };
}
