import { failureIn } from '../../../engine/binding/as-failure.js';
import { createGoalWorker } from './create-goal-worker.js';
import { keysFromEnv, keysFromFile } from './key-ring.js';
import type { ProcessReport, ProcessSettings } from './serve-workers.js';

/** One of the processes behind the URL of a worker; all of them share its port. */
const text = process.env.GOAL_LANE_WORKER_SETTINGS ?? '{}';
// Boundary: written by the process that started this one.
const { keysFile, port, host, ...settings } = JSON.parse(text) as ProcessSettings;

const report = (what: ProcessReport, sent = (): void => undefined): void =>
  void process.send?.(what, undefined, undefined, sent);

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

try {
  const worker = createGoalWorker({
    ...settings,
    keys: keysFile === undefined ? keysFromEnv() : keysFromFile(keysFile),
  });
  const end = (): void => void worker.close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  // Ctrl-C also reaches the parent process, which ends this one.
  process.on('SIGINT', () => undefined);
  const { url } = await worker.listen({ port, host });
  report({ url });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  report({ message, code: codeOf(error), failure: failureIn(error) }, () => process.exit(1));
}
