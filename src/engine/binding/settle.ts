import type { Reply } from '../../machines/reply.js';
import { asFailure } from './as-failure.js';
import type { Clock } from './clock.js';

/** What is added to a reply, because machines have no time and randomness of their own. */
export interface Stamps {
  readonly clock: Clock;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
}

/** An error as data. */
export const failedReply = (stamps: Stamps, error: unknown): Reply<never> => ({
  ok: false,
  failure: asFailure(error),
  at: stamps.clock.now(),
  random: stamps.random(),
});

/** The result of a call as data. Never rejects. */
export async function settle<Value>(stamps: Stamps, work: () => Promise<Value>): Promise<Reply<Value>> {
  try {
    const value = await work();
    return { ok: true, value, at: stamps.clock.now() };
  } catch (error) {
    return failedReply(stamps, error);
  }
}
