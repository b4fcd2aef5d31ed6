/** Jobs that outlive their process. Deliberately not exported: how a job is stored and restored, which depends on the chart. */
export { createStandingOf } from './create-standing.js';
export { createStoredJobs } from './create-stored-jobs.js';
export type { FileRecorder } from './recorded-files.js';
export { resumableJobs } from './resumable-jobs.js';
export type { ResumeChanges } from './resumed-position.js';
export { prospectsOf } from './retention.js';
export type { StoredJobHandle } from './stored-handle.js';
export { isStoredJobError } from './stored-job-error.js';
export type { ResumedJobs, StoredJobs, StoredJobsOptions, StoredJobsWarning } from './stored-jobs.js';
export { findStored, oldestFirst, storedPages } from './stored-pages.js';
export { TimeSlice } from './time-slice.js';
