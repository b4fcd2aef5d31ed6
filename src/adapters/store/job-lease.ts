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
  /** Epoch ms. One heartbeat of its owner moves it for all of the owner's jobs. */
  readonly expiresAt: number;
}

/** Who asks for leases, when (epoch ms), and for how long (ms). */
export interface LeaseClaim {
  readonly owner: StoreOwner;
  readonly now: number;
  readonly ttlMs: number;
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
  if (claim.now >= standing.expiresAt) return 'grant';
  return isGone(standing.owner) ? 'grant' : 'refuse';
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
