/**
 * The client of one key and its types. Deliberately not exported, because they may change: the schemas (the wire's spelling stays
 * inside), the transport, and the functions that read headers and bodies.
 */

export { blobUploadBody, type OpenFile, type UploadableFile, type UploadBody } from './bytes/upload-body.js';
export type { AllowUrl } from './calls/storage-url.js';
export { DEFAULT_BASE_URL } from './check-options.js';
export type { GoalClientOptions } from './client-options.js';
export { safeFileName } from './content/safe-file-name.js';
export { createGoalClient } from './create-goal-client.js';
export { GoalLaneError, isGoalLaneError } from './errors/goal-lane-error.js';
export * from './errors/kinds.js';
export type { Delivery, Failure, FailureKind, FieldError } from './failure.js';
export type { FetchFunction } from './fetch/fetch-function.js';
export type {
  CallOptions,
  GoalClient,
  ResultRequest,
  ResultStream,
  UploadCallOptions,
} from './goal-client.js';
export type {
  OnExchange,
  OnRequest,
  RequestReport,
  TracedExchange,
  TraceOptions,
  TraceSettings,
} from './http/exchange.js';
export type { Transport } from './http/transport.js';
export type { Endpoint } from './limits/endpoint.js';
export {
  createRateBudget,
  type EndpointBudget,
  type Exchange,
  type RateBudget,
} from './limits/rate-budget.js';
export type { Logger } from './logger.js';
export { type OpenedResult, openResult } from './open-result.js';
export { redactionPaths } from './redaction/redaction-paths.js';
export { REDACTED } from './redaction/spans.js';
export { redactUrl } from './redaction/url-secrets.js';
export {
  type Checkpoint,
  type Download,
  JOB_STATUSES,
  type Job,
  type JobEcho,
  type JobStatus,
  type SlotAnswer,
  type SlotDefinition,
  type SlotValue,
  type StatusReading,
  type Workflow,
} from './wire/wire-types.js';
