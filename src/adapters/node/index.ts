/** Runs jobs on files on disk. Not exported: how a part file is named and placed, which may change. */
export { createNodeClient } from './create-node-client.js';
export { createNodePorts, type NodePortsOptions } from './create-node-ports.js';
export { hashFile } from './hash-file.js';
export { type RunGoalJobOptions, runGoalJob } from './run-goal-job.js';
export { createNodeTransport } from './transport/create-node-transport.js';
export { openDiskFile } from './uploads/open-disk-file.js';
