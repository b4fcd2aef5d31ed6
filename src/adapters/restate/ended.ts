/** Idempotency key under which the engine keeps how a job has ended. */
export const ENDED_ONCE = 'ended';
/** Idempotency key under which the engine remembers that a job was started. */
export const START_ONCE = 'start';

const DAY_MS = 86_400_000;

/** How long the outcome of a job can be requested. */
export const ENDED_MS = DAY_MS;
/** How long a second start with the same id returns the same job. */
export const STARTED_MS = 7 * DAY_MS;
