import type { JobQueuePlace } from '../../job/source/job-view.js';
import type { QueueRank } from '../../store/record/job-record.js';
import { compareInQueue } from './queue-order.js';
import { countBefore, findIn, type SortedTree, sizeOf } from './sorted-tree.js';

/** The position of a rank in the queue, from 1; undefined if no such rank is queued. */
export function placeInQueue(
  queue: SortedTree<QueueRank>,
  { priority, order }: QueueRank,
): JobQueuePlace | undefined {
  const rank = { priority, order };
  if (findIn(queue, rank, compareInQueue) === undefined) return undefined;
  return { place: countBefore(queue, rank, compareInQueue) + 1, of: sizeOf(queue) };
}
