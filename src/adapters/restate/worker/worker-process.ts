import { createGoalWorker } from './create-goal-worker.js';
import { keysFromEnv, keysFromFile } from './key-ring.js';
import type { ProcessSettings } from './serve-workers.js';

/** One of the processes behind the URL of a worker; all of them share its port. */
const text = process.env.GOAL_LANE_WORKER_SETTINGS ?? '{}';
// Boundary: written by the process that started this one.
const { keysFile, port, host, ...settings } = JSON.parse(text) as ProcessSettings;

const worker = createGoalWorker({
  ...settings,
  keys: keysFile === undefined ? keysFromEnv() : keysFromFile(keysFile),
});
const { url } = await worker.listen({ port, host });
process.send?.({ url });

const end = (): void => void worker.close().finally(() => process.exit(0));
process.once('SIGTERM', end);
// Ctrl-C also reaches the parent process, which ends this one.
process.on('SIGINT', () => undefined);
process.once('disconnect', end);
