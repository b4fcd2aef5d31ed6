import { ALONE, expectedResetAt, isAlone, isInformed, type LimitModel, limitOf } from './limit-model.js';

/** A read of a due job, or an early one that uses surplus reads. */
export type ReadUse = 'due' | 'early';

/** The requests and replies so far, as needed to decide on the next read. Times in epoch ms. */
export interface Spending {
  readonly model: LimitModel;
  readonly inFlight: number;
  readonly lastSentAt: number;
  readonly repliedAt: number;
  readonly now: number;
}

/** Reads to save before one is used for a job that is not due. */
const SAVED_READS = 2;
/** Reads that due jobs may borrow from the rest of the window. */
const BORROWED_READS = 2;
/** The speed at which they are then sent, as a multiple of the even pace. */
const HASTE = 2;
/** Reserve for requests of others in flight, in a fixed window. */
const OTHERS_IN_FLIGHT = 1;
/** This close to the reset, reads are no longer spread. */
const LEAST_LEFT_MS = 500;

/**
 * Reads that others may have sent since the last reply: in a fixed window their share, spread evenly like ours, otherwise the
 * most they could.
 */
function keptForOthers({ model, repliedAt, now }: Spending): number {
  const limit = limitOf(model);
  if (model.share >= ALONE) return Math.min(0.1 * limit, 1);
  if (model.kind !== 'fixed') return Math.min(0.1 * limit, Math.ceil(1 / model.share) + 1);
  const unheard = Math.max(now - repliedAt, 0) / Math.max(model.resetAt - repliedAt, LEAST_LEFT_MS);
  return Math.min(0.1 * limit, OTHERS_IN_FLIGHT) + (1 - model.share) * model.remaining * unheard;
}

/** What remains of the limit for us and others, minus requests in flight and a reserve. */
export const freeReads = (spending: Spending): number =>
  Math.max(spending.model.remaining - spending.inFlight - keptForOthers(spending), 0);

/**
 * When a read for this purpose may be sent, if `evenAt` is the even pace. If we are alone in a fixed window, reads can be saved
 * and borrowed, because no other process uses them and none comes back late; otherwise each keeps the even pace.
 * @param pace our reads per ms in the long run
 */
export function spentAt(spending: Spending, use: ReadUse, evenAt: number, pace: number): number {
  const { model, lastSentAt, now } = spending;
  const resetAt = expectedResetAt(model);
  if (!isAlone(model) || !isInformed(model) || now >= resetAt) return evenAt;
  const free = freeReads(spending) * model.share;
  const saved = free - pace * (resetAt - now);
  if (use === 'early') {
    const isSavedAt = now + (SAVED_READS - saved) / pace;
    return Math.max(evenAt, Math.min(isSavedAt, resetAt));
  }
  const soon = lastSentAt + 1 / (HASTE * pace);
  const mayBorrow = free >= 1 && saved > 1 - BORROWED_READS && soon <= resetAt;
  return mayBorrow ? Math.min(evenAt, soon) : evenAt;
}
