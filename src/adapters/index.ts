/**
 * Hosts for Node: jobs on files, jobs that outlive their process, and what watches them. Not exported on purpose: the
 * command line (a program, not a library), the emulator (`goal-lane/emulator`) and the hosts for browsers
 * (`goal-lane/browser`, `goal-lane/inspector`), which have doors of their own so that they load without Node.
 */

export * from '../engine/durable/index.js';
export * from '../engine/job/index.js';
export * from '../engine/lane/index.js';
export * from '../engine/store/index.js';
export * from './inspector/node.js';
export * from './node/index.js';
