import type { JobView } from './job-handle.js';

/** What this adapter asks of a logger: pino's shape. The host hands it in; nothing here makes one. */
export interface JobLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): JobLogger;
}

/** The fields that every line about a job carries. */
export const logFields = (view: JobView, attempt: number): object => ({
  jobSpecId: view.jobSpecId,
  state: view.path,
  itemVersion: view.itemVersion,
  attempt,
});
