import { resolve } from 'node:path';
import { systemClock } from '../../../engine/binding/clock.js';
import { stepInWords } from '../../../engine/binding/clock-steps.js';
import { layered } from '../../../engine/binding/ports-layer.js';
import { createStoredJobs, type StoredJobs, type StoredJobsWarning } from '../../../engine/durable/index.js';
import { createSharedPolling, type SharedPolling } from '../../../engine/lane/reads/shared-polling.js';
import type { JobStore } from '../../../engine/store/index.js';
import { defined } from '../../../services/defined.js';
import { createNodeClient, createNodePorts } from '../../node/index.js';
import { removeParts } from '../../node/results/part-file.js';
import type { CliIo } from '../cli-io.js';
import type { JobFlags } from '../flags/flags.js';
import { apiKeyFrom, baseUrlFrom, isKeyInClear, parseMaxWait, traceOf } from '../flags/settings.js';
import { createLogger } from '../say/create-logger.js';
import { safeLine } from '../say/terminal-safe.js';
import { openStore } from './open-store.js';

/** What commands that run jobs need. */
export interface CommandSession {
  readonly jobs: StoredJobs;
  /** Whether jobs outlive this process. */
  readonly isStored: boolean;
  /** Where the jobs are, for reading. */
  readonly store: JobStore;
  /** When aborted, this command no longer waits for the heartbeat of another process. */
  readonly patience: AbortSignal;
  /** Flags that a later command must repeat to find the same server, store and folder. */
  readonly flagsToRepeat: readonly (readonly [string, string])[];
  /** Saves the result of a stored job where the command that started it would have, unless `--out` is given. */
  useStoredFolder(jobId: string): Promise<void>;
  /** Removes the partial download of a job whose result can never be downloaded again. */
  giveUpResult(jobSpecId: string): Promise<void>;
  close(): Promise<void>;
}

interface SessionOptions {
  readonly outDir: string;
  /** Several jobs are possible: they share one budget of status reads. */
  readonly isShared: boolean;
  /** Prints a warning, whatever else is shown. */
  readonly warn: (text: string) => void;
}

function wordsOf(warning: StoredJobsWarning): string {
  switch (warning.type) {
    case 'lease-lost':
      return `Warning: another process drives job ${warning.jobId} now; this one has stopped driving it.`;
    case 'end-unsaved':
      return `Warning: how job ${warning.jobId} ended is not in the store, which still shows it where it was before.`;
    case 'store-moved': {
      const { path, how } = warning;
      const now = how === 'removed' ? 'A new one was made' : 'The one in its place is used';
      return `Warning: the store ${path} was ${how} while it was in use. ${now}, and only the jobs that run are stored in it again.`;
    }
    case 'clock-set':
      return `Warning: the clock of this machine was ${stepInWords(warning.byMs)}. Waits still end when their time has passed.`;
    case 'lease-doubted': {
      const { jobId, holder, forMs } = warning;
      return `Job ${jobId} was driven by process ${holder.pid} on ${holder.host}, which may be gone: watching ${Math.round(forMs / 1_000)} s for a sign of it.`;
    }
    default: {
      const said = warning.error instanceof Error ? warning.error.message : '';
      return `Warning: the store does not work (${said}) The job continues, but a crash from now on loses its progress.`;
    }
  }
}

/** Prints each kind of store problem once per command, not at every write. */
export function storeAlarm(warn: (text: string) => void): (warning: StoredJobsWarning) => void {
  const said = new Set<string>();
  return (warning) => {
    const text = wordsOf(warning);
    if (said.has(text) && warning.type !== 'clock-set') return;
    said.add(text);
    warn(safeLine(text));
  };
}

/** The flags that a command for the same jobs has to repeat. */
export const flagsToRepeat = ({
  baseUrl,
  store,
  out,
}: Pick<JobFlags, 'baseUrl' | 'store' | 'out'>): CommandSession['flagsToRepeat'] => [
  ...(out === undefined ? [] : [['--out', out] as const]),
  ...(baseUrl === undefined ? [] : [['--base-url', baseUrl] as const]),
  ...(store === undefined ? [] : [['--store', store] as const]),
];

/** Creates the client of a command, without sending anything. @throws UsageError, InvalidInputError */
export function openClient(
  io: CliIo,
  flags: Pick<JobFlags, 'baseUrl' | 'logLevel' | 'trace' | 'traceValues'>,
  polling?: SharedPolling,
) {
  const apiKey = apiKeyFrom(io.env);
  const baseUrl = baseUrlFrom(flags.baseUrl, io.env);
  const logger = createLogger(flags.logLevel, io.stderr);
  const client = createNodeClient({
    apiKey,
    logger,
    ...defined({ baseUrl, trace: traceOf(flags) }),
    ...(polling === undefined ? {} : { budget: polling.budget }),
  });
  return { apiKey, baseUrl, logger, client };
}

/** Leases are not watched longer, and a platform timer has a maximum of its own. */
const LONGEST_WATCH_MS = 3_600_000;

/** Limits how long this command waits for the heartbeat of a process that may be gone: until Ctrl-C, and at most `--max-wait`. */
function patienceOf({ interruption }: CliIo, { maxWait }: JobFlags): AbortSignal {
  const most = maxWait === undefined ? LONGEST_WATCH_MS : parseMaxWait(maxWait);
  return AbortSignal.any([interruption.signal, AbortSignal.timeout(Math.min(most, LONGEST_WATCH_MS))]);
}

/** @throws UsageError, InvalidInputError, StoreError */
export async function openSession(
  io: CliIo,
  flags: JobFlags,
  { outDir, isShared, warn }: SessionOptions,
): Promise<CommandSession> {
  const polling = isShared ? createSharedPolling(systemClock, Math.random) : undefined;
  const { apiKey, baseUrl, logger, client } = openClient(io, flags, polling);
  if (baseUrl !== undefined && isKeyInClear(baseUrl)) {
    warn(`Warning: ${safeLine(baseUrl)} is not https: the API key is sent unencrypted.`);
  }
  const { store, isLasting } = await openStore(io, flags, warn);
  const folders = new Map<string, string>();
  const outDirOf = (jobId: string): string => folders.get(jobId) ?? resolve(outDir);
  const ports = createNodePorts({ client, outDir: outDirOf });
  const patience = patienceOf(io, flags);
  const jobs = createStoredJobs({
    store,
    ports: polling === undefined ? ports : layered(ports, polling.readTurns),
    logger,
    apiKey,
    stopWaiting: patience,
    outDirOf,
    onWarning: storeAlarm(warn),
  });
  return {
    jobs,
    isStored: isLasting,
    store,
    patience,
    flagsToRepeat: flagsToRepeat(flags),
    async useStoredFolder(jobId) {
      const folder = flags.out === undefined ? (await store.load(jobId))?.outDir : undefined;
      if (folder !== undefined) folders.set(jobId, folder);
    },
    giveUpResult: (jobSpecId) => removeParts(outDir, { account: client.account ?? '', jobSpecId }),
    async close() {
      await jobs.close();
      await store.close();
      client.close();
    },
  };
}
