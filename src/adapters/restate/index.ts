/**
 * Jobs on a durable engine (Restate), on any number of machines: workers that drive jobs, and a client that starts and follows
 * them. Not exported: the engine's services and what they store, because both depend on the chart.
 */

export { type Drained, type DrainOptions, drainWorker, resumePaused } from './admin/deployments.js';
export { type RegisterOptions, registerWorker } from './admin/register.js';
export { createFleetClient } from './client/create-fleet-client.js';
export type {
  FleetClient,
  FleetClientOptions,
  FleetEvent,
  FleetEventsOptions,
  FleetJob,
  FleetPageQuery,
  FleetStartOptions,
  FleetWaitOptions,
} from './client/fleet-client.js';
export { createGoalWorker, type GoalWorker, type ListenOptions } from './worker/create-goal-worker.js';
export { keysFromEnv, keysFromFile } from './worker/key-ring.js';
export type {
  FileToOpen,
  GoalWorkerOptions,
  KeyRing,
  PutTarget,
  ResultToPut,
} from './worker-options.js';
