import { type JobPage, PAGE_LIMIT, type PageQuery, placeAfter } from '../job-pages.js';
import type { JobFilter, JobListing, JobStore, LaneRecord, SaveOptions, SaveOutcome } from '../job-store.js';
import type { IsGone, Lease } from '../lease/job-lease.js';
import type { JobRecord } from '../record/job-record.js';
import { type JobSummary, summaryOf } from '../record/job-summary.js';
import { decodeLane, type EncodedLane, encodeLane } from '../record/lane-codec.js';
import {
  createRecordCodec,
  type EncodedRecord,
  type RecordCodec,
  type RecordCodecOptions,
} from '../record/record-codec.js';
import { leaseLost, listRecords, pageOf } from '../record/record-rules.js';
import { alwaysAtHand, storeFromParts } from '../store-from-parts.js';
import { createMemoryHistory } from './memory-history.js';
import { createMemoryLeases, type MemoryLeases } from './memory-leases.js';

export interface MemoryStoreOptions extends RecordCodecOptions {
  /** Whether an owner's process is known to be gone. Default: never. */
  readonly isGone?: IsGone | undefined;
}

/** A store that ends with its process (`--store :memory:`). Like the others it holds text, so no object is shared with callers. */
export function createMemoryStore(options: MemoryStoreOptions = {}): JobStore {
  const leases = createMemoryLeases(options.isGone ?? (() => false));
  const jobs = createMemoryJobs(leases, createRecordCodec(options));
  const history = createMemoryHistory(jobs.has);
  const remove = (lease: Lease): boolean => {
    const isRemoved = jobs.remove(lease);
    history.remove(lease.jobId);
    return isRemoved;
  };
  const parts = { jobs: { ...jobs, remove }, leases, history, lanes: createMemoryLanes() };
  return storeFromParts(alwaysAtHand(parts));
}

interface StoredText extends EncodedRecord {
  readonly createdAt: number;
  readonly place: number;
  readonly state: string;
  readonly summary: string;
}

function pageIn(stored: ReadonlyMap<string, StoredText>, query: PageQuery): JobPage {
  const { states, first = 'newest', limit = PAGE_LIMIT } = query;
  const from = placeAfter(query);
  const sign = first === 'newest' ? -1 : 1;
  const found = [...stored]
    .map(([id, { place, state, summary }]) => ({
      id,
      place,
      state,
      // Boundary: written by `save`.
      read: () => JSON.parse(summary) as JobSummary,
    }))
    .filter(({ state }) => states === undefined || states.includes(state))
    .filter(({ place }) => from === undefined || sign * (place - from) > 0)
    .sort((a, b) => sign * (a.place - b.place));
  return pageOf(found.slice(0, limit + 1), query);
}

function createMemoryJobs(leases: MemoryLeases, codec: RecordCodec) {
  const stored = new Map<string, StoredText>();
  let places = 0;
  return {
    save(record: JobRecord, { lease }: SaveOptions): SaveOutcome {
      const encoded = codec.encode(record);
      if (lease.jobId !== record.id || !leases.stands(lease)) throw leaseLost(record.id);
      const before = stored.get(record.id);
      if (before?.comparable === encoded.comparable) return 'unchanged';
      places += 1;
      const { createdAt, state } = record;
      const place = before?.place ?? places;
      stored.set(record.id, {
        ...encoded,
        createdAt,
        place,
        state,
        summary: JSON.stringify(summaryOf(record)),
      });
      return 'written';
    },
    has: (id: string): boolean => stored.has(id),
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
    page: (query: PageQuery): JobPage => pageIn(stored, query),
    counts(): Readonly<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const { state } of stored.values()) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
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
