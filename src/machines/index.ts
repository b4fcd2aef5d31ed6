/**
 * The machine and its types. The states and the pure functions behind them are deliberately not exported, because they may
 * change: drive the machine through its events, or read the chart.
 */

export type { CallState } from './call-state.js';
export { DEFAULT_RETRY, type Setback } from './failure/retry-policy.js';
export { type GoalJobMachine, goalJobMachine } from './goal-job-machine.js';
export type { PendingUpload, PollTurn, UploadOutcome } from './job-actors.js';
export type { JobContext, UploadRecord } from './job-context.js';
export type {
  InputRequest,
  JobCommand,
  JobEmitted,
  JobEvent,
  JobSignal,
  SlotConflict,
} from './job-events.js';
export type { AttachInput, JobInput, JobOptions, NewJobInput, RetryLimits } from './job-input.js';
export type { CompletedOutput, DetachedOutput, DetachReason, FailedOutput, JobOutput } from './job-output.js';
export type { JobTag } from './job-setup.js';
export type {
  DownloadProgress,
  FileFacts,
  JobPorts,
  Port,
  PortOptions,
  SavedResult,
  SaveOptions,
  UploadedFile,
  UploadOptions,
  UploadProgress,
} from './ports.js';
export type { Question } from './question/question.js';
export { isKnown, type KnownReading } from './reading/known-reading.js';
export type { Failed, Reply, Succeeded } from './reply.js';
