/** Stores in which jobs outlive their process. Deliberately not exported: the SQL, the driver and the codec, which are internal. */
export { defaultStorePath } from './default-store-path.js';
export type { JobPage, PageQuery } from './job-pages.js';
export type {
  AmendOutcome,
  JobFilter,
  JobListing,
  JobStore,
  LaneRecord,
  RecordChanges,
  SaveOptions as StoreSaveOptions,
  SaveOutcome,
  StoreMove,
} from './job-store.js';
export type { IsGone, Lease, LeaseAnswer, LeaseClaim, StoreOwner } from './lease/job-lease.js';
export { currentOwner, isProcessGone } from './lease/process-liveness.js';
export { createMemoryStore, type MemoryStoreOptions } from './memory/memory-store.js';
export { type OpenStoreOptions, openJobStore } from './open-job-store.js';
export {
  type JobRecord,
  type QueueRank,
  RECORD_VERSION,
  type RecordedFile,
  type RecordedResult,
  type RecordedWait,
  type Retention,
} from './record/job-record.js';
export type { JobSummary } from './record/job-summary.js';
export { type JsonValue, type SanitizeOptions, sanitizeSnapshot } from './record/sanitize-snapshot.js';
export { createResilientStore, type ResilientStoreOptions, type StoreWarning } from './resilient-store.js';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.js';
export { isStoreError, StoreError, type StoreErrorDetails, type StoreErrorKind } from './store-error.js';
