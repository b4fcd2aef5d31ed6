/**
 * The remote API, emulated according to its reference: as a pure model, as two real HTTP servers on the loopback, and as an axios
 * adapter for virtual time; with scripted faults. Not exported: the calls, the limiters and the layout of results, which are
 * parts of the model, and the stages that apply faults.
 */

export {
  createEmulatorModel,
  type EarlyDelivery,
  type EmulatorModel,
  type UploadFacts,
} from './emulator-model.js';
export type { EmulatedKey, EmulatorModelOptions } from './emulator-options.js';
export type { BodyCut, BodyShape, Delivery } from './faults/deliver.js';
export type {
  BodyFault,
  ContentCoding,
  Fault,
  FaultKind,
  HeaderFault,
  JobFault,
  ReplyFault,
  TransportFault,
} from './faults/fault.js';
export { parseFaultRules } from './faults/fault-file.js';
export type { ErrorBody, OtherSpeaker, RetryAfter, WrongResult } from './faults/fault-kinds.js';
export type { FaultPlan } from './faults/fault-plan.js';
export type { ActiveRule, FaultRule, FaultTarget } from './faults/fault-rule.js';
export { type Emulator, type EmulatorOptions, startEmulator } from './http/start-emulator.js';
export { createEmulatorAdapter, type EmulatorAdapterOptions } from './in-process/emulator-adapter.js';
export { multipartBody } from './in-process/read-multipart.js';
export { BUILT_IN_WORKFLOWS } from './model/built-in-workflows.js';
export type { ApiEndpoint, EmulatedEndpoint } from './model/endpoint.js';
export type { EndpointName } from './model/endpoint-names.js';
export type { Origin } from './model/exchange.js';
export type { LimiterKind } from './model/limiter.js';
export { type BodySummary, describeEntry, type Effect, type LogEntry, type RateState } from './model/log.js';
export type { ModelReply, ModelRequest, ReceivedFile } from './model/messages.js';
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
export { type Replay, type ReplayOptions, startReplay } from './replay/start-replay.js';
