import type { JobRecord, QueueRank } from '../../store/record/job-record.js';

/** A stored job to resume. */
export interface QueuedRecord {
  readonly id: string;
  readonly queue: QueueRank;
  /** It is on the server, so it has a place there whatever this lane knew. */
  readonly hasPlace: boolean;
}

type Stored = Pick<JobRecord, 'id' | 'jobSpecId' | 'state' | 'queue' | 'createdAt'>;

/** Assigns ranks in the queue. Ranks are stored with the jobs, so that they survive a crash. */
export interface QueueOrder {
  /** The rank of a new job, behind all others of its priority. Default 0. */
  next(priority?: number): QueueRank;
  /** Stored jobs, oldest first, in the order in which they resume: those that have a place first, then the queue. */
  resumed(records: readonly Stored[], orderBefore: readonly string[]): readonly QueuedRecord[];
}

/** Negative if `a` may start before `b`. */
export const compareInQueue = (a: QueueRank, b: QueueRank): number =>
  b.priority - a.priority || a.order - b.order;

/** Records without a rank that are in the lane's stored order come before all others. */
const BEFORE_ALL = -1_000_000_000;

/** Clamps a priority to what JSON can represent, so that a job with an infinite priority can be stored. */
const storable = (priority: number): number =>
  Number.isNaN(priority) ? 0 : Math.min(Math.max(priority, -Number.MAX_VALUE), Number.MAX_VALUE);

/** @param now epoch ms: ranks increase with time, so that they mean the same after a restart */
export function createQueueOrder(now: () => number): QueueOrder {
  let last = Number.NEGATIVE_INFINITY;

  const rankOf = (record: Stored, before: ReadonlyMap<string, number>): QueueRank => {
    if (record.queue !== undefined) return record.queue;
    const at = before.get(record.id);
    return { priority: 0, order: at === undefined ? record.createdAt : BEFORE_ALL + at };
  };

  return {
    next(priority = 0) {
      last = Math.max(last + 1, now());
      return { priority: storable(priority), order: last };
    },
    resumed(records, orderBefore) {
      const before = new Map(orderBefore.map((id, at) => [id, at]));
      const stored = records.map((record) => ({
        id: record.id,
        queue: rankOf(record, before),
        hasPlace: record.jobSpecId !== undefined && record.state !== 'downloading',
      }));
      // The clock may have been set back since.
      for (const { queue } of stored) last = Math.max(last, queue.order);
      return stored.sort(
        (a, b) => Number(b.hasPlace) - Number(a.hasPlace) || compareInQueue(a.queue, b.queue),
      );
    },
  };
}
