/** A process that drives jobs. */
export interface StoreOwner {
  /** Unique to this run of this process. */
  readonly id: string;
  readonly pid: number;
  /** The machine (and what it means by a process id): only there can the process be looked for. */
  readonly host: string;
  /** When the process started, in whatever terms the host tells it; guards against a pid that is used again. Empty where unknown. */
  readonly startedAt: string;
}

/** The right to drive one job. */
export interface Lease {
  readonly jobId: string;
  readonly owner: StoreOwner;
  /** Goes up with every change of owner, so that what an earlier owner writes late is refused. */
  readonly token: number;
  /**
   * Epoch ms by the owner's clock, which may be wrong. One heartbeat of the owner moves it for all of the owner's jobs: that it moves
   * is the sign of life, what it says is for people.
   */
  readonly expiresAt: number;
  /** How long it outlives the owner's last heartbeat, in ms. */
  readonly ttlMs: number;
}

/** Who asks for leases, when (epoch ms by its own clock), and for how long (ms). */
export interface LeaseClaim {
  readonly owner: StoreOwner;
  readonly now: number;
  readonly ttlMs: number;
  /**
   * Owners whose heart did not beat for as long as their leases last, while the claimant watched: owner id → the `expiresAt` that stood
   * still. Two processes may have two opinions of the time, so no lease is taken for what a clock says.
   */
  readonly silent?: ReadonlyMap<string, number>;
}

export type LeaseAnswer =
  /** `tookOverFrom`: the owner that was dead or did not renew. */
  | { readonly acquired: true; readonly lease: Lease; readonly tookOverFrom?: StoreOwner }
  | { readonly acquired: false; readonly holder: Lease };

/** Tells whether an owner's process is known to be gone. `false` also means "cannot tell". */
export type IsGone = (owner: StoreOwner) => boolean;

/** What a claim on a job comes to, from the lease that stands. */
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

/** Clocks of one machine agree better than this. */
const CLOCK_NOISE_MS = 1_000;

/** Whether a lease may be of an owner that is gone: it says that it has ended, or it says what the owner's clock cannot have meant. */
export function isDoubtful({ expiresAt, ttlMs }: Lease, now: number): boolean {
  const left = expiresAt - now;
  return !(left > 0 && left <= ttlMs + CLOCK_NOISE_MS);
}

/** Asks about each owner once: a crash leaves thousands of leases of one. */
export function rememberGone(isGone: IsGone): IsGone {
  const known = new Map<string, boolean>();
  return (owner) => {
    const answer = known.get(owner.id) ?? isGone(owner);
    known.set(owner.id, answer);
    return answer;
  };
}
