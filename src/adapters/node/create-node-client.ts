import { createGoalClient, type GoalClientOptions } from '../../services/create-goal-client.js';
import type { GoalClient } from '../../services/goal-client.js';
import { createNodeAgents } from './node-agents.js';
import { openDiskFile } from './open-disk-file.js';

/** {@link createGoalClient} with Node's connection pools, and uploads from disk. `close()` it when it is done with. */
export const createNodeClient = (options: GoalClientOptions): GoalClient =>
  createGoalClient({ agents: createNodeAgents(), openFile: openDiskFile, ...options });
