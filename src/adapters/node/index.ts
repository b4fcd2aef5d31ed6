/** Runs jobs on files on disk. Not exported: names and locations of part files, which may change. */
export { createNodeClient } from './create-node-client.js';
export { createNodePorts } from './create-node-ports.js';
export { runGoalJob } from './run-goal-job.js';
export { createNodeTransport } from './transport/create-node-transport.js';
