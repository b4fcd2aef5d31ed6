import { join } from 'node:path';
import { forgetJobs } from '../../../../engine/durable/forget-jobs.js';
import type { GoalLane } from '../../../../engine/lane/goal-lane.js';

import type { JobStore } from '../../../../engine/store/index.js';
import { defined } from '../../../../services/defined.js';
import { createGoalLane } from '../../../node/create-node-lane.js';
import type { CliIo } from '../../cli-io.js';
import { UsageError } from '../../ends/usage-error.js';
import type { BatchFlags } from '../../flags/flags.js';
import { apiKeyFrom, baseUrlFrom, isKeyInClear, traceOf } from '../../flags/settings.js';
import { storeAlarm } from '../../jobs/command-session.js';
import { openStore } from '../../jobs/open-store.js';
import { createLogger } from '../../say/create-logger.js';
import { safeLine } from '../../say/terminal-safe.js';
import { withoutAgain } from '../manifest/line-id.js';

/** What a batch needs: a lane, and the store that it shares with other commands. */
export interface BatchSession {
  readonly lane: GoalLane;
  readonly store: JobStore;
  /** Whether jobs outlive this process. */
  readonly isStored: boolean;
  /** Sets the folder in which the result folder of a job is created. */
  putInto(jobId: string, outDir: string): void;
  /** Removes a job from the store that failed before it was created, or whose result is downloaded again. */
  forgetEnded(jobId: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws UsageError */
function concurrencyOf(flag: string | undefined): number | undefined {
  if (flag === undefined) return undefined;
  const most = /^\d+$/.test(flag.trim()) ? Number(flag) : 0;
  if (most >= 1 && Number.isSafeInteger(most)) return most;
  throw new UsageError('--concurrency: not a number of jobs', 'Write a whole number from 1.');
}

/** @throws UsageError, InvalidInputError, StoreError */
export async function openBatchSession(
  io: CliIo,
  flags: BatchFlags,
  { outDir, warn }: { readonly outDir: string; readonly warn: (text: string) => void },
): Promise<BatchSession> {
  const apiKey = apiKeyFrom(io.env);
  const baseUrl = baseUrlFrom(flags.baseUrl, io.env);
  const concurrency = concurrencyOf(flags.concurrency);
  const { plan } = flags;
  if (baseUrl !== undefined && isKeyInClear(baseUrl))
    warn(`Warning: ${safeLine(baseUrl)} is not https: the key travels in clear.`);
  const logger = createLogger(flags.logLevel, io.stderr);
  const folders = new Map<string, string>();
  const { store, isLasting } = await openStore(io, flags, warn);
  const lane = createGoalLane({
    apiKey,
    store,
    logger,
    ...defined({ baseUrl, plan, concurrency, trace: traceOf(flags) }),
    outDir: (jobId) => join(folders.get(jobId) ?? outDir, withoutAgain(jobId)),
    onWarning: storeAlarm(warn),
  });
  return {
    lane,
    store,
    isStored: isLasting,
    putInto(jobId, folder) {
      if (folder === outDir) folders.delete(jobId);
      else folders.set(jobId, folder);
    },
    async forgetEnded(jobId) {
      await forgetJobs(store, [jobId], ({ state }) => state === 'failed' || state === 'completed');
    },
    async close() {
      await lane.close();
      await store.close();
    },
  };
}
