/**
 * The main entry point for hosts on Node: run a job, keep jobs in a store, run all jobs of a key. Other entry points: the chart
 * and the members of its unions (`goal-lane/machines`), jobs without Node, with the clock and logger that one may hand in
 * (`goal-lane/job`), the API client (`goal-lane/services`), stores and records (`goal-lane/store`). Exports are listed by name,
 * because they are kept stable.
 */

// To run one job, alone or as an actor of the host.
export { createNodeClient } from './adapters/node/create-node-client.js';
// To run all jobs of a key.
export { createGoalLane, type GoalLaneOptions } from './adapters/node/create-node-lane.js';
export { createNodePorts } from './adapters/node/create-node-ports.js';
export { type RunGoalJobOptions, runGoalJob } from './adapters/node/run-goal-job.js';
// The input, events and output of a job.
// To keep jobs in a store, so that they outlive their process.
export { createStoredJobs } from './engine/durable/create-stored-jobs.js';
export type { ResumeChanges } from './engine/durable/resumed-position.js';
export type { StoredJobHandle } from './engine/durable/stored-handle.js';
// Errors.
export { isStoredJobError, StoredJobError } from './engine/durable/stored-job-error.js';
export type {
  StoredJobs,
  StoredJobsOptions,
  StoredJobsWarning,
} from './engine/durable/stored-jobs.js';
export { bindPorts } from './engine/job/bind-ports.js';
export type { JobHandle, JobHandleEvent } from './engine/job/job-handle.js';
export type { JobView } from './engine/job/source/job-view.js';
export { asWorkflowId } from './engine/job/typed/as-workflow-id.js';
export type { Register, WorkflowId } from './engine/job/typed/register.js';
export type {
  CloseOptions,
  GoalLane,
  LaneBudget,
  LaneEvent,
  LaneResumption,
  LaneStartOptions,
} from './engine/lane/goal-lane.js';
export type { PlanHint, PlanName } from './engine/lane/starts/plan-hint.js';
export type { JobStore } from './engine/store/job-store.js';
export { currentOwner } from './engine/store/lease/process-liveness.js';
export { openJobStore } from './engine/store/open-job-store.js';
export { isStoreError, StoreError } from './engine/store/store-error.js';
export type { InputRequest, JobCommand, JobEmitted } from './machines/job-events.js';
export type { JobInput, JobOptions } from './machines/job-input.js';
export type { DetachReason, JobOutput } from './machines/job-output.js';
export type { JobPorts } from './machines/ports.js';
export { GoalLaneError, isGoalLaneError } from './services/errors/goal-lane-error.js';
export {
  BadResponseError,
  FileError,
  InvalidInputError,
  InvalidTransitionError,
  KeyRefusedError,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  RejectedError,
  ServerError,
  ValidationError,
  VersionConflictError,
} from './services/errors/kinds.js';
export type { Failure, FailureKind } from './services/failure.js';
export type { SlotDefinition, SlotValue, Workflow } from './services/wire/wire-types.js';
