/**
 * The front door for hosts on Node: the machine, the API's services, and ways to run jobs. Each room has a door of its
 * own too (`goal-lane/machines`, `goal-lane/services`, …); those two load without Node.
 */
export * from './adapters/index.js';
export * from './machines/index.js';
export * from './services/index.js';
