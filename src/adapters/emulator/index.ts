/**
 * The remote API, emulated after its reference: as a pure model, and as two real HTTP servers on the loopback.
 * Not exported: the calls, the limiters and the layout of results, which are parts of the model.
 */
export { type Emulator, type EmulatorOptions, startEmulator } from './http/start-emulator.js';
export { BUILT_IN_WORKFLOWS } from './model/built-in-workflows.js';
export type { ApiEndpoint, EmulatedEndpoint } from './model/endpoint.js';
export type { LimiterKind } from './model/limiter.js';
export { type BodySummary, describeEntry, type Effect, type LogEntry, type RateState } from './model/log.js';
export type { ModelReply, ModelRequest, ReceivedFile } from './model/messages.js';
export { createEmulatorModel, type EmulatorModel, type UploadFacts } from './model/model.js';
export type { EmulatedKey, EmulatorModelOptions } from './model/model-options.js';
export { PLANS, type PlanLimits, type PlanName } from './model/plans.js';
export type { ProgressCurve } from './model/progress-curve.js';
export { pseudoRandomBytes } from './model/random-bytes.js';
export type { ResetFormat } from './model/reset-format.js';
export type {
  EmulatedCheckpoint,
  EmulatedExecution,
  EmulatedResult,
  EmulatedSlot,
  EmulatedWorkflow,
} from './model/workflow.js';
