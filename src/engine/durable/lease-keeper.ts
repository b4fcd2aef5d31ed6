import { type Clock, wallTimeOf } from '../binding/clock.js';
import type { JobStore } from '../store/job-store.js';
import {
  isDoubtful,
  type Lease,
  type LeaseAnswer,
  type LeaseClaim,
  type StoreOwner,
} from '../store/lease/job-lease.js';
import { BEATS, createLeaseWatch, type LeaseWatch } from './lease-watch.js';
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

class Keeper implements LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, Lease>();
  readonly #watch: LeaseWatch;
  readonly #keepAlive: () => void;
  #isEnding = false;
  #grants = 0;
  /** The answer to the last heartbeat, and the grants before it: a store answers with the same array while nothing changes. */
  #known: { readonly leases: readonly Lease[]; readonly grants: number } | undefined;

  constructor(options: LeaseKeeperOptions) {
    const { store, clock, ttlMs, stopWaiting } = options;
    this.#options = options;
    this.#watch = createLeaseWatch(store, clock, stopWaiting);
    const isNeeded = (): boolean => this.#held.size > 0;
    this.#keepAlive = createHeartbeat(clock, ttlMs / BEATS, isNeeded, () => this.#beat());
  }

  async take(jobIds: readonly string[]): Promise<readonly Taken[]> {
    const answers = await this.#acquire(jobIds);
    return answers.map((answer) => {
      if (answer.acquired) return answer.lease;
      const settled = this.#outwait(answer.holder);
      // The caller may already handle another job when the store fails.
      settled.catch(() => undefined);
      return { settled };
    });
  }

  stopWatching(): void {
    this.#watch.stop();
  }

  releaseLater(): void {
    this.#isEnding = true;
  }

  async release(lease: Lease): Promise<void> {
    if (this.#drop(lease) && !this.#isEnding) await this.#options.store.releaseLease(lease);
  }

  forget(lease: Lease): void {
    this.#drop(lease);
  }

  async releaseAll(): Promise<void> {
    const { store, owner } = this.#options;
    for (const lease of [...this.#held.values()]) this.#drop(lease);
    await store.releaseOwner(owner);
  }

  #claim(): LeaseClaim {
    const { owner, clock, ttlMs } = this.#options;
    return { owner, now: wallTimeOf(clock), ttlMs };
  }

  async #beat(): Promise<void> {
    const { store, onLost, onFailure } = this.#options;
    const before = [...this.#held.values()];
    const grants = this.#grants;
    try {
      const renewed = await store.renewLeases(this.#claim());
      const isAsBefore = renewed === this.#known?.leases && grants === this.#known.grants;
      this.#known = { leases: renewed, grants };
      if (isAsBefore || areSame(renewed, before)) return;
      const ours = new Set(renewed.map((lease) => lease.token));
      // Only leases held before the renewal: those acquired since are not in the answer.
      for (const lease of before) if (!ours.has(lease.token) && this.#drop(lease)) onLost(lease);
    } catch (error) {
      onFailure(error);
    }
  }

  /** Returns whether it was held. */
  #drop(lease: Lease): boolean {
    if (this.#held.get(lease.jobId)?.token !== lease.token) return false;
    this.#held.delete(lease.jobId);
    this.#keepAlive();
    return true;
  }

  async #acquire(jobIds: readonly string[], silent?: LeaseClaim['silent']): Promise<readonly LeaseAnswer[]> {
    const claim = this.#claim();
    const answers = await this.#options.store.acquireLeases(jobIds, silent ? { ...claim, silent } : claim);
    // One that is lost before the next heartbeat leaves the store's leases as they were: counted, so that it is noticed.
    this.#grants += 1;
    for (const answer of answers) if (answer.acquired) this.#held.set(answer.lease.jobId, answer.lease);
    this.#keepAlive();
    return answers;
  }

  /** Tries again if the owner of a job showed no heartbeat. */
  async #outwait(holder: Lease): Promise<Lease | StoredJobError> {
    if (!isDoubtful(holder, wallTimeOf(this.#options.clock))) return heldBy(holder);
    this.#options.onDoubt(holder);
    if (!(await this.#watch.isSilent(holder))) return heldBy(holder);
    const [again] = await this.#acquire([holder.jobId], new Map([[holder.owner.id, holder.expiresAt]]));
    return again?.acquired ? again.lease : heldBy(again?.holder ?? holder);
  }
}

export const createLeaseKeeper = (options: LeaseKeeperOptions): LeaseKeeper => new Keeper(options);
