import { uptime } from 'node:os';
import { checkBaseUrl, DEFAULT_BASE_URL } from '../../services/check-options.js';
import { createGoalClient, type GoalClientOptions } from '../../services/create-goal-client.js';
import type { GoalClient } from '../../services/goal-client.js';
import { processTime } from '../../services/time/steady-time.js';
import { nodeDecoders } from './results/node-decoders.js';
import { accountLabel } from './results/part-name.js';
import { createNodeTransport } from './transport/create-node-transport.js';
import { openDiskFile } from './uploads/open-disk-file.js';

/** {@link createGoalClient} with kept connections, through proxies where the environment names them, and uploads from disk. `close()` it when it is done with. */
export function createNodeClient(options: GoalClientOptions): GoalClient {
  // Node's monotonic clock stands still while a Linux machine sleeps; its uptime does not.
  processTime.knowSleep(() => uptime() * 1_000);
  const ofNode = { transport: createNodeTransport(), openFile: openDiskFile, decoders: nodeDecoders };
  const client = createGoalClient({ ...ofNode, ...options });
  return {
    ...client,
    account: accountLabel(options.apiKey, checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL)),
  };
}
