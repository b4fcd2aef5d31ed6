import {
  type IsGone,
  judgeClaim,
  type Lease,
  type LeaseAnswer,
  type LeaseClaim,
  rememberGone,
} from './job-lease.js';
import type { JobStore, SaveOutcome } from './job-store.js';
import { decodeLane, type EncodedLane, encodeLane } from './lane-codec.js';
import { createRecordCodec, type EncodedRecord, type RecordCodecOptions } from './record-codec.js';
import { leaseLost, listRecords } from './record-rules.js';
import { StoreError } from './store-error.js';

export interface MemoryStoreOptions extends RecordCodecOptions {
  /** Tells whether an owner's process is known to be gone. Default: never. */
  readonly isGone?: IsGone;
}

/** A store that ends with its process (`--store :memory:`). It holds text as the others do, so nobody's object is shared. */
export function createMemoryStore(options: MemoryStoreOptions = {}): JobStore {
  const codec = createRecordCodec(options);
  const leases = createMemoryLeases(options.isGone ?? (() => false));
  const jobs = new Map<string, EncodedRecord & { readonly createdAt: number }>();
  const lanes = new Map<string, EncodedLane>();
  let open = true;

  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    if (!open) throw new StoreError('closed', 'The store is closed.');
    return work();
  };
  const inOrder = () =>
    [...jobs]
      .map(([id, { text, createdAt }]) => ({ id, body: text, createdAt }))
      .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));

  return {
    save: (record, { lease }) =>
      attempt((): SaveOutcome => {
        const encoded = codec.encode(record);
        if (lease.jobId !== record.id || !leases.stands(lease)) throw leaseLost(record.id);
        if (jobs.get(record.id)?.comparable === encoded.comparable) return 'unchanged';
        jobs.set(record.id, { ...encoded, createdAt: record.createdAt });
        return 'written';
      }),
    load: (id) =>
      attempt(() => {
        const stored = jobs.get(id);
        return stored && codec.decode(id, stored.text);
      }),
    list: (filter = {}) => attempt(() => listRecords(inOrder(), codec, filter)),
    remove: (lease) =>
      attempt(() => {
        if (!leases.stands(lease)) throw leaseLost(lease.jobId);
        leases.release(lease);
        return jobs.delete(lease.jobId);
      }),
    acquireLease: (jobId, claim) => attempt(() => leases.acquire(jobId, claim)),
    acquireLeases: (jobIds, claim) => attempt(() => jobIds.map((jobId) => leases.acquire(jobId, claim))),
    renewLeases: (claim) => attempt(() => leases.renew(claim)),
    releaseLease: (lease) => attempt(() => leases.release(lease)),
    releaseOwner: (owner) => attempt(() => leases.releaseOwner(owner.id)),
    leases: () => attempt(() => leases.all()),
    saveLane: (keyLabel, lane) =>
      attempt((): SaveOutcome => {
        const encoded = encodeLane(lane);
        if (lanes.get(keyLabel)?.comparable === encoded.comparable) return 'unchanged';
        lanes.set(keyLabel, encoded);
        return 'written';
      }),
    loadLane: (keyLabel) =>
      attempt(() => {
        const stored = lanes.get(keyLabel);
        return stored && decodeLane(stored.text);
      }),
    async close() {
      open = false;
    },
  };
}

function createMemoryLeases(isGone: IsGone) {
  const held = new Map<string, Lease>();
  let lastToken = 0;
  const all = () => [...held.values()].sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
  const stands = (lease: Lease) => held.get(lease.jobId)?.token === lease.token;
  /** The heartbeat is the owner's: one lease prolonged prolongs all. */
  const renew = ({ owner, now, ttlMs }: LeaseClaim) => {
    const ours = all().filter((lease) => lease.owner.id === owner.id);
    const renewed = ours.map((lease) => ({ ...lease, expiresAt: now + ttlMs }));
    for (const lease of renewed) held.set(lease.jobId, lease);
    return renewed;
  };

  return {
    all,
    stands,
    renew,
    acquire(jobId: string, claim: LeaseClaim): LeaseAnswer {
      const standing = held.get(jobId);
      const verdict = judgeClaim(standing, claim, rememberGone(isGone));
      if (standing && verdict === 'refuse') return { acquired: false, holder: standing };
      const token = standing && verdict === 'keep' ? standing.token : ++lastToken;
      const lease: Lease = { jobId, owner: claim.owner, token, expiresAt: claim.now + claim.ttlMs };
      held.set(jobId, lease);
      renew(claim);
      return standing && verdict === 'grant'
        ? { acquired: true, lease, tookOverFrom: standing.owner }
        : { acquired: true, lease };
    },
    release(lease: Lease) {
      if (stands(lease)) held.delete(lease.jobId);
    },
    releaseOwner(ownerId: string) {
      for (const lease of all()) if (lease.owner.id === ownerId) held.delete(lease.jobId);
    },
  };
}
