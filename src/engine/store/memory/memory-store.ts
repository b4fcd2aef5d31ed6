import type { JobFilter, JobListing, JobStore, LaneRecord, SaveOptions, SaveOutcome } from '../job-store.js';
import type { IsGone, Lease } from '../lease/job-lease.js';
import type { JobRecord } from '../record/job-record.js';
import { decodeLane, type EncodedLane, encodeLane } from '../record/lane-codec.js';
import {
  createRecordCodec,
  type EncodedRecord,
  type RecordCodec,
  type RecordCodecOptions,
} from '../record/record-codec.js';
import { leaseLost, listRecords } from '../record/record-rules.js';
import { alwaysAtHand, storeFromParts } from '../store-from-parts.js';
import { createMemoryLeases, type MemoryLeases } from './memory-leases.js';

export interface MemoryStoreOptions extends RecordCodecOptions {
  /** Tells whether an owner's process is known to be gone. Default: never. */
  readonly isGone?: IsGone;
}

/** A store that ends with its process (`--store :memory:`). It holds text as the others do, so nobody's object is shared. */
export function createMemoryStore(options: MemoryStoreOptions = {}): JobStore {
  const leases = createMemoryLeases(options.isGone ?? (() => false));
  const jobs = createMemoryJobs(leases, createRecordCodec(options));
  return storeFromParts(alwaysAtHand({ jobs, leases, lanes: createMemoryLanes() }));
}

function createMemoryJobs(leases: MemoryLeases, codec: RecordCodec) {
  const stored = new Map<string, EncodedRecord & { readonly createdAt: number }>();
  return {
    save(record: JobRecord, { lease }: SaveOptions): SaveOutcome {
      const encoded = codec.encode(record);
      if (lease.jobId !== record.id || !leases.stands(lease)) throw leaseLost(record.id);
      if (stored.get(record.id)?.comparable === encoded.comparable) return 'unchanged';
      stored.set(record.id, { ...encoded, createdAt: record.createdAt });
      return 'written';
    },
    load(id: string): JobRecord | undefined {
      const found = stored.get(id);
      return found && codec.decode(id, found.text);
    },
    list(filter: JobFilter): JobListing {
      const entries = [...stored]
        .map(([id, { text, createdAt }]) => ({ id, createdAt, read: () => codec.decode(id, text) }))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      return listRecords(entries, filter);
    },
    remove(lease: Lease): boolean {
      if (!leases.stands(lease)) throw leaseLost(lease.jobId);
      leases.release(lease);
      return stored.delete(lease.jobId);
    },
  };
}

function createMemoryLanes() {
  const stored = new Map<string, EncodedLane>();
  return {
    save(keyLabel: string, lane: LaneRecord): SaveOutcome {
      const encoded = encodeLane(lane);
      if (stored.get(keyLabel)?.comparable === encoded.comparable) return 'unchanged';
      stored.set(keyLabel, encoded);
      return 'written';
    },
    load(keyLabel: string): LaneRecord | undefined {
      const found = stored.get(keyLabel);
      return found && decodeLane(found.text);
    },
  };
}
