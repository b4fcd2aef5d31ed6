/**
 * The machine without a running actor, for hosts that store a job between two steps: XState's pure functions, with each call as
 * data. Not exported: how XState events are built.
 */
export { beginJob, rearmJob, stepJob } from './interpret.js';
export type { InterpretedJob, OpenCall, Step, Stimulus } from './interpreted-job.js';
export { type Invocation, isInChart, type Position } from './position.js';
