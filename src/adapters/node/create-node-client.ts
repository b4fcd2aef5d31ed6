import { uptime } from 'node:os';
import { createGoalClient, type GoalClientOptions } from '../../services/create-goal-client.js';
import type { GoalClient } from '../../services/goal-client.js';
import { processTime } from '../../services/steady-time.js';
import { createNodeAgents } from './node-agents.js';
import { openDiskFile } from './open-disk-file.js';

/** {@link createGoalClient} with Node's connection pools, and uploads from disk. `close()` it when it is done with. */
export function createNodeClient(options: GoalClientOptions): GoalClient {
  // Node's monotonic clock stands still while a Linux machine sleeps; its uptime does not.
  processTime.knowSleep(() => uptime() * 1_000);
  return createGoalClient({ agents: createNodeAgents(), openFile: openDiskFile, ...options });
}
