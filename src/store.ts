/**
 * The door to stores and what they hold: to open one, to write one of your own, to read records and see what can be done with
 * them. It stands outside the rooms, because the store does not know the jobs that are kept in it.
 */
export { createStandingOf } from './engine/durable/create-standing.js';
export { diskFiles, type FileRecorder } from './engine/durable/recorded-files.js';
export { type Prospects, prospectsOf } from './engine/durable/retention.js';
export * from './engine/store/index.js';
