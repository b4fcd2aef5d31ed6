/** Runs jobs in this process. Not exported: the event stream and the tracker of promises, which are parts of the handle. */

export { type Clock, systemClock } from '../binding/clock.js';
export { timePorts } from '../binding/time-ports.js';
export type { BindOptions } from './bind-options.js';
export { bindPorts } from './bind-ports.js';
export { checkJobInput } from './check-job-input.js';
export { checkJobOptions } from './check-job-options.js';
export type { SingleJobHandle } from './history/with-history.js';
export type { JobActor } from './job-actor.js';
export type { ActorJobHandle, JobHandle, JobHandleEvent } from './job-handle.js';
export type { JobLogger } from './job-logger.js';
export type { JobSource } from './source/job-source.js';
export type * from './source/job-view.js';
export type * from './source/lane-source.js';
export type { SlotsAnswer } from './source/slots-answer.js';
export { type StartOptions, startGoalJob } from './start-goal-job.js';
export type * from './telemetry/job-telemetry.js';
export { inputRequestOf } from './view/needs-of.js';
export { publicEvent, publicOutput, publicView } from './view/public-view.js';
export { statePath, type ViewedSnapshot, viewOf } from './view/view-of.js';
