/** Under this the engine keeps how a job has ended. */
export const ENDED_ONCE = 'ended';
/** Under this it knows that a job was started. */
export const START_ONCE = 'start';

const DAY_MS = 86_400_000;

/** For so long what became of a job can be asked for. */
export const ENDED_MS = DAY_MS;
/** For so long a second start under the same id is the same start. */
export const STARTED_MS = 7 * DAY_MS;
