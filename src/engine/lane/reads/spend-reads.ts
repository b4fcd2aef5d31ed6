import { isInformed, type LimitModel, limitOf } from './limit-model.js';

/** A read of a job that is due, or one before its time, which uses what would be left over. */
export type ReadUse = 'due' | 'early';

/** What was sent and heard, as far as it tells what may be spent. Times in epoch ms. */
export interface Spending {
  readonly model: LimitModel;
  readonly inFlight: number;
  readonly lastSentAt: number;
  readonly repliedAt: number;
  readonly now: number;
}

/** With a share above this we count as alone on the key. */
export const ALONE = 0.9;
/** So many reads are saved before one is spent on a job that is not due … */
const SAVED_READS = 2;
/** … so many may be borrowed from the rest of the window for jobs that are … */
const BORROWED_READS = 2;
/** … which then leave at so many times the even pace. */
const HASTE = 2;
/** In a fixed window, for what others have in flight. */
const OTHERS_IN_FLIGHT = 1;
/** So close to the reset nothing is spread any more. */
const LEAST_LEFT_MS = 500;
/** A window is asked about a little after it has begun. */
const PAST_RESET_MS = 100;

/** Reads that others may have sent since the last reply told what is left: in a fixed window their part, spread evenly as ours is, else all that they could. */
function keptForOthers({ model, repliedAt, now }: Spending): number {
  const limit = limitOf(model);
  if (model.share >= ALONE) return Math.min(0.1 * limit, 1);
  if (model.kind !== 'fixed') return Math.min(0.1 * limit, Math.ceil(1 / model.share) + 1);
  const unheard = Math.max(now - repliedAt, 0) / Math.max(model.resetAt - repliedAt, LEAST_LEFT_MS);
  return Math.min(0.1 * limit, OTHERS_IN_FLIGHT) + (1 - model.share) * model.remaining * unheard;
}

/** What is left of the limit to us and to others, less what is in flight and a reserve. */
export const freeReads = (spending: Spending): number =>
  Math.max(spending.model.remaining - spending.inFlight - keptForOthers(spending), 0);

/**
 * When a read for this use may leave, where it would leave at `evenAt` otherwise. Alone in a fixed window reads can be saved and
 * borrowed, for nobody else spends them and none comes back late; else each leaves at the even pace.
 * @param pace reads per ms that are ours in the long run
 */
export function spentAt(spending: Spending, use: ReadUse, evenAt: number, pace: number): number {
  const { model, lastSentAt, now } = spending;
  const isAlone = model.kind === 'fixed' && model.share >= ALONE;
  if (!isAlone || !isInformed(model) || now >= model.resetAt) return evenAt;
  const free = freeReads(spending) * model.share;
  const saved = free - pace * (model.resetAt - now);
  if (use === 'early') {
    const isSavedAt = now + (SAVED_READS - saved) / pace;
    return Math.min(Math.max(evenAt, isSavedAt), model.resetAt + PAST_RESET_MS);
  }
  const soon = lastSentAt + 1 / (HASTE * pace);
  const mayBorrow = free >= 1 && saved > 1 - BORROWED_READS && soon <= model.resetAt;
  return mayBorrow ? Math.min(evenAt, soon) : evenAt;
}
