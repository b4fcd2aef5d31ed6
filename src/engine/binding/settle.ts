import type { Reply } from '../../machines/reply.js';
import { asFailure } from './as-failure.js';
import type { Clock } from './clock.js';

/** What is added to a reply, because machines have no time and randomness of their own. */
export interface Stamps {
  readonly clock: Clock;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
}

/**
 * When a reply came, in whole ms, as hosts store and send them. Rounded up: the next call counts its pause from here (law 3, never
 * early).
 */
export const repliedAt = ({ clock }: Stamps): number => Math.ceil(clock.now());

/** An error as data. */
export const failedReply = (stamps: Stamps, error: unknown): Reply<never> => ({
  ok: false,
  failure: asFailure(error),
  at: repliedAt(stamps),
  random: stamps.random(),
});

/** The result of a call as data. Never rejects. */
export async function settle<Value>(stamps: Stamps, work: () => Promise<Value>): Promise<Reply<Value>> {
  try {
    const value = await work();
    return { ok: true, value, at: repliedAt(stamps) };
  } catch (error) {
    return failedReply(stamps, error);
  }
}
