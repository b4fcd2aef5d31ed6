import { createGoalClient, type GoalClientOptions } from '../../services/create-goal-client.js';
import type { GoalClient } from '../../services/goal-client.js';
import { openDiskFile } from './open-disk-file.js';
import { createNodeTransport } from './transport/create-node-transport.js';

/** {@link createGoalClient} with kept connections, through proxies where the environment names them, and uploads from disk. `close()` it when it is done with. */
export const createNodeClient = (options: GoalClientOptions): GoalClient =>
  createGoalClient({ transport: createNodeTransport(), openFile: openDiskFile, ...options });
