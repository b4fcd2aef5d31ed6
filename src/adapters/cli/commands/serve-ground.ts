import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlanName } from '../../../engine/lane/starts/plan-hint.js';
import { createMemoryStore, defaultStorePath, type JobStore } from '../../../engine/store/index.js';
import { defined } from '../../../services/defined.js';
import { openResult } from '../../../services/open-result.js';
import { createRedactor } from '../../../services/redaction/redactor.js';
import { type ConsoleSource, createRequestLog, type RequestLog } from '../../console/index.js';
import { startEmulator } from '../../emulator/index.js';
import { createNodeClient } from '../../node/create-node-client.js';
import { createGoalLane } from '../../node/create-node-lane.js';
import { createFleetClient } from '../../restate/index.js';
import type { CliIo } from '../cli-io.js';
import { UsageError } from '../ends/usage-error.js';
import type { CommonFlags } from '../flags/flags.js';
import { prepareOutDirectory } from '../flags/out-directory.js';
import { apiKeyFrom, baseUrlFrom, isKeyInClear, traceOf } from '../flags/settings.js';
import { openStore, storeAskedFor } from '../jobs/open-store.js';
import { createLogger } from '../say/create-logger.js';
import { safeLine } from '../say/terminal-safe.js';

export interface ServeFlags extends CommonFlags {
  readonly port: string;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly demo?: boolean;
  readonly open: boolean;
  readonly plan?: string;
  readonly out?: string;
  readonly ingress?: string;
  readonly admin?: string;
  readonly uploads?: string;
}

/** The source of the console's jobs, and how to close everything behind it. */
export interface Ground {
  readonly source: ConsoleSource;
  readonly requests?: RequestLog;
  readonly isDemo: boolean;
  readonly apiHost: string;
  readonly store: string;
  readonly outDir: string;
  readonly uploadsDir: string;
  /** Removes the key from what the console stores. */
  readonly redact?: <Value>(value: Value) => Value;
  /** Resumes the jobs of an earlier process. */
  readonly resume: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Jobs of the demo run this many times as fast as real ones. */
const DEMO_SPEED = 2;
const PLANS: readonly PlanName[] = ['free', 'pro', 'business'];

/** @throws UsageError */
export function planOf(name: string | undefined): PlanName | undefined {
  const plan = PLANS.find((candidate) => candidate === name);
  if (name !== undefined && plan === undefined)
    throw new UsageError(`--plan ${name}: not a plan`, 'Write free, pro or business.');
  return plan;
}

/** A demo in its own temporary folder, which is deleted when the console ends. */
export async function demoGround(io: CliIo, flags: ServeFlags): Promise<Ground> {
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-demo-'));
  const emulator = await startEmulator({ speed: DEMO_SPEED, keepLog: false });
  const store = createMemoryStore();
  const outDir = flags.out === undefined ? join(directory, 'results') : await prepareOutDirectory(flags.out);
  const logger = createLogger(flags.logLevel, io.stderr);
  const { apiKey, baseUrl } = emulator;
  const requests = createRequestLog(io.now);
  const trace = traceOf(flags);
  const lane = createGoalLane({ apiKey, baseUrl, store, outDir, logger, trace, onRequest: requests.add });
  return {
    source: lane,
    requests,
    isDemo: true,
    apiHost: 'an emulator on this computer',
    store: 'in memory: the demo ends with this program',
    outDir,
    uploadsDir: flags.uploads ?? join(directory, 'uploads'),
    resume: async () => undefined,
    async close() {
      await lane.close();
      await store.close();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function uploadsBeside(path: string | undefined): string {
  const store = path ?? defaultStorePath();
  return store === ':memory:'
    ? join(tmpdir(), `goal-lane-uploads-${process.pid}`)
    : join(dirname(store), 'uploads');
}

function baseUrlOf(io: CliIo, flags: ServeFlags, warn: (text: string) => void): string | undefined {
  const baseUrl = baseUrlFrom(flags.baseUrl, io.env);
  if (baseUrl !== undefined && isKeyInClear(baseUrl))
    warn(`Warning: ${safeLine(baseUrl)} is not https: the key travels unencrypted.`);
  return baseUrl;
}

/** @throws UsageError, StoreError, InvalidInputError */
export async function laneGround(
  io: CliIo,
  flags: ServeFlags,
  warn: (text: string) => void,
): Promise<Ground> {
  const apiKey = apiKeyFrom(io.env);
  const baseUrl = baseUrlOf(io, flags, warn);
  const outDir = await prepareOutDirectory(flags.out);
  const path = storeAskedFor(io, flags);
  const { store }: { store: JobStore } = await openStore(io, flags, warn);
  const requests = createRequestLog(io.now);
  const lane = createGoalLane({
    apiKey,
    onRequest: requests.add,
    store,
    outDir,
    logger: createLogger(flags.logLevel, io.stderr),
    ...defined({ baseUrl, plan: planOf(flags.plan), trace: traceOf(flags) }),
  });
  return {
    source: lane,
    requests,
    isDemo: false,
    apiHost: baseUrl === undefined ? 'Convilyn' : new URL(baseUrl).host,
    store: path ?? defaultStorePath(),
    outDir,
    uploadsDir: flags.uploads ?? uploadsBeside(path),
    redact: createRedactor([apiKey]).value,
    resume: () => lane.resume(),
    async close() {
      await lane.close();
      await store.close();
    },
  };
}

function urlIn(flag: string, given: string): string {
  if (/^https?:\/\//i.test(given) && URL.canParse(given)) return given;
  throw new UsageError(`--${flag} ${given}: not a URL`, 'Write it with its scheme: http://127.0.0.1:8080');
}

/**
 * The jobs of a durable engine. A key is only needed for a result that is not on a disk of this machine. @throws UsageError,
 * InvalidInputError
 */
export async function fleetGround(
  io: CliIo,
  { ingress = '', admin, ...flags }: ServeFlags,
  warn: (text: string) => void,
): Promise<Ground> {
  const fleet = createFleetClient({
    ingress: urlIn('ingress', ingress),
    ...(admin === undefined ? {} : { admin: urlIn('admin', admin) }),
  });
  const baseUrl = baseUrlOf(io, flags, warn);
  const apiKey = io.env.CONVILYN_API_KEY?.trim() ?? '';
  const trace = traceOf(flags);
  const client = apiKey === '' ? undefined : createNodeClient({ apiKey, ...defined({ baseUrl, trace }) });
  const results: Pick<ConsoleSource, 'openResult'> =
    client === undefined
      ? {}
      : {
          async openResult(id, options) {
            const { jobSpecId = '' } = await fleet.job(id).refresh();
            return openResult(client, { jobSpecId }, options ?? {});
          },
        };
  return {
    source: { ...fleet, ...results },
    isDemo: false,
    apiHost: 'the API of the workers',
    store: `the durable engine at ${new URL(ingress).host}`,
    outDir: 'the folder of the workers',
    uploadsDir: flags.uploads ?? uploadsBeside(storeAskedFor(io, flags)),
    resume: async () => undefined,
    async close() {
      fleet.close();
      client?.close();
    },
  };
}
