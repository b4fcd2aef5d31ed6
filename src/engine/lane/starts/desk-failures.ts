import type { Failure } from '../../../services/failure.js';

/** @param until epoch ms of the desk's clock; `wallOffset` (ms) converts it for people */
export const spent = (until: number, wallOffset: number): Failure => ({
  kind: 'rate-limited',
  message: `the job waits in the queue: the key has no creations left until ${new Date(Math.floor(until + wallOffset)).toISOString()}`,
  advice: 'Wait until the limit resets; the job continues by itself.',
  delivery: 'not-sent',
  limit: 'quota',
  retryAt: until,
});

export const crowded: Failure = {
  kind: 'rate-limited',
  message: 'nothing was sent: the key has as many jobs as it may have at once',
  advice: 'Wait until a job ends; the job continues by itself.',
  delivery: 'not-sent',
  limit: 'concurrency',
};
