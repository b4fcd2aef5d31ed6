/**
 * The entry point for stores: open or implement one, read records and see what can be done with them. It is outside
 * `engine/store`, because the store does not know the jobs in it.
 */
export { createStandingOf } from './engine/durable/create-standing.js';
export { diskFiles, type FileRecorder } from './engine/durable/recorded-files.js';
export { type Prospects, prospectsOf } from './engine/durable/retention.js';
export * from './engine/store/index.js';
