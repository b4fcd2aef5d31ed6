/** The web console for a lane or a client of a fleet. Not exported: its routes and its event stream, which only its page uses. */
export { createRequestLog, type RequestLog } from './request-log.js';
export type { ConsoleSource } from './server/console-source.js';
export { type ConsoleOptions, type RunningConsole, startConsole } from './start-console.js';
export type { About, Limits, RequestEntry } from './wire/row.js';
