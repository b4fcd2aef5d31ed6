import type { Failure } from '../../src/services/failure.js';
import { isGoalLaneError } from '../../src/services/index.js';

/** The failure that a call rejects with, after a trip through JSON; a success or a foreign error fails the test. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<Failure> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (isGoalLaneError(error)) return JSON.parse(JSON.stringify(error));
    throw error;
  }
  throw new Error('it should have been refused');
}
