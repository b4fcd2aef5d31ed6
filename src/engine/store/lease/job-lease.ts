/** A process that drives jobs. */
export interface StoreOwner {
  /** Unique to this run of this process. */
  readonly id: string;
  readonly pid: number;
  /** The machine and its pid namespace: the process can be looked up only there. */
  readonly host: string;
  /** When the process started, in a host-specific form; protects against a reused pid. Empty if unknown. */
  readonly startedAt: string;
}

/** The right to drive one job. */
export interface Lease {
  readonly jobId: string;
  readonly owner: StoreOwner;
  /** Increases with every change of owner, so that late writes of an earlier owner are refused. */
  readonly token: number;
  /**
   * Epoch ms on the owner's clock, which may be wrong. A heartbeat of the owner moves it for all its jobs: the movement shows
   * that it is alive; the value is for people.
   */
  readonly expiresAt: number;
  /** How long it outlives the owner's last heartbeat, in ms. */
  readonly ttlMs: number;
}

/**
 * The lease after a heartbeat. Written out: objects that are spread together do not share their hidden class, and the first
 * heartbeat of a hundred thousand leases would block the event loop for a second.
 */
export const withTerm = (
  { jobId, owner, token }: Pick<Lease, 'jobId' | 'owner' | 'token'>,
  { expiresAt, ttlMs }: Pick<Lease, 'expiresAt' | 'ttlMs'>,
): Lease => ({ jobId, owner, token, expiresAt, ttlMs });

/** Who requests leases, when (epoch ms on its own clock), and for how long (ms). */
export interface LeaseClaim {
  readonly owner: StoreOwner;
  readonly now: number;
  readonly ttlMs: number;
  /**
   * Owners that sent no heartbeat for the duration of their leases while the claimant watched: owner id → the unchanged
   * `expiresAt`. Two processes may disagree about the time, so no lease is taken because of a clock.
   */
  readonly silent?: ReadonlyMap<string, number>;
}

export type LeaseAnswer =
  /** `tookOverFrom`: the owner that was gone or did not renew. */
  | { readonly acquired: true; readonly lease: Lease; readonly tookOverFrom?: StoreOwner }
  | { readonly acquired: false; readonly holder: Lease };

/** Whether an owner's process is known to be gone. `false` also means "unknown". */
export type IsGone = (owner: StoreOwner) => boolean;

/** Decides on a claim for a job, given the current lease. */
export function judgeClaim(
  standing: Lease | undefined,
  claim: LeaseClaim,
  isGone: IsGone,
): 'grant' | 'keep' | 'refuse' {
  if (!standing) return 'grant';
  if (standing.owner.id === claim.owner.id) return 'keep';
  if (claim.silent?.get(standing.owner.id) === standing.expiresAt) return 'grant';
  return isGone(standing.owner) ? 'grant' : 'refuse';
}

/** Clocks of one machine differ by less than this. */
const CLOCK_NOISE_MS = 1_000;

/** Whether the owner of a lease may be gone: it has expired, or its end is implausible for the owner's clock. */
export function isDoubtful({ expiresAt, ttlMs }: Lease, now: number): boolean {
  const left = expiresAt - now;
  return !(left > 0 && left <= ttlMs + CLOCK_NOISE_MS);
}

/** Checks each owner only once: a crash leaves thousands of leases of one owner. */
export function rememberGone(isGone: IsGone): IsGone {
  const known = new Map<string, boolean>();
  return (owner) => {
    const answer = known.get(owner.id) ?? isGone(owner);
    known.set(owner.id, answer);
    return answer;
  };
}
