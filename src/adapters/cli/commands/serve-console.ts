import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GoalLane } from '../../../engine/lane/index.js';
import type { PlanName } from '../../../engine/lane/starts/plan-hint.js';
import { createMemoryStore, defaultStorePath, type JobStore } from '../../../engine/store/index.js';
import { defined } from '../../../services/defined.js';
import { createRequestLog, type RequestLog, type RunningConsole, startConsole } from '../../console/index.js';
import { startEmulator } from '../../emulator/index.js';
import { createGoalLane } from '../../node/create-node-lane.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import type { CommonFlags } from '../flags/flags.js';
import { prepareOutDirectory } from '../flags/out-directory.js';
import { apiKeyFrom, baseUrlFrom, isKeyInClear, parsePort } from '../flags/settings.js';
import { openStore, storeAskedFor } from '../jobs/open-store.js';
import { createLogger } from '../say/create-logger.js';
import { safeLine } from '../say/terminal-safe.js';
import { packageVersion } from '../version.js';

export interface ServeFlags extends CommonFlags {
  readonly port: string;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly demo?: boolean;
  readonly open: boolean;
  readonly plan?: string;
  readonly out?: string;
}

/** What the console stands on, and how all of it is ended. */
interface Ground {
  readonly lane: GoalLane;
  readonly requests: RequestLog;
  readonly isDemo: boolean;
  readonly apiHost: string;
  readonly store: string;
  readonly outDir: string;
  readonly uploadsDir: string;
  readonly close: () => Promise<void>;
}

/** Jobs of the demo run so many times as fast as real ones. */
const DEMO_SPEED = 2;
const PLANS: readonly PlanName[] = ['free', 'pro', 'business'];

function planOf(name: string | undefined): PlanName | undefined {
  const plan = PLANS.find((candidate) => candidate === name);
  if (name !== undefined && plan === undefined)
    throw new UsageError(`--plan ${name}: not a plan`, 'Write free, pro or business.');
  return plan;
}

/** Everything in a folder of its own that goes when the console ends. */
async function demoGround(io: CliIo, flags: ServeFlags): Promise<Ground> {
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-demo-'));
  const emulator = await startEmulator({ speed: DEMO_SPEED, keepLog: false });
  const store = createMemoryStore();
  const outDir = flags.out === undefined ? join(directory, 'results') : await prepareOutDirectory(flags.out);
  const logger = createLogger(flags.logLevel, io.stderr);
  const { apiKey, baseUrl } = emulator;
  const requests = createRequestLog(io.now);
  const lane = createGoalLane({ apiKey, baseUrl, store, outDir, logger, onRequest: requests.add });
  return {
    lane,
    requests,
    isDemo: true,
    apiHost: 'an emulator on this computer',
    store: 'in memory: the demo ends with this program',
    outDir,
    uploadsDir: join(directory, 'uploads'),
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

/** @throws UsageError, StoreError, InvalidInputError */
async function realGround(io: CliIo, flags: ServeFlags, warn: (text: string) => void): Promise<Ground> {
  const apiKey = apiKeyFrom(io.env);
  const baseUrl = baseUrlFrom(flags.baseUrl, io.env);
  if (baseUrl !== undefined && isKeyInClear(baseUrl))
    warn(`Warning: ${safeLine(baseUrl)} is not https: the key travels unencrypted.`);
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
    ...defined({ baseUrl, plan: planOf(flags.plan) }),
  });
  return {
    lane,
    requests,
    isDemo: false,
    apiHost: baseUrl === undefined ? 'Convilyn' : new URL(baseUrl).host,
    store: path ?? defaultStorePath(),
    outDir,
    uploadsDir: uploadsBeside(path),
    async close() {
      await lane.close();
      await store.close();
    },
  };
}

const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

/** A token of the environment, or one that is made; undefined on the loopback. @throws UsageError */
function tokenFor(io: CliIo, host: string): string | undefined {
  if (isLoopback(host)) return undefined;
  const given = io.env.GOAL_LANE_TOKEN?.trim() ?? '';
  if (given === '') return randomBytes(24).toString('base64url');
  if (given.length < 22)
    throw new UsageError('GOAL_LANE_TOKEN: too short', 'Use at least 22 characters, or leave it out.');
  return given;
}

async function start(ground: Ground, flags: ServeFlags, token: string | undefined): Promise<RunningConsole> {
  const { lane, requests, isDemo, apiHost, store, outDir, uploadsDir } = ground;
  const { host, allowHost: allowHosts } = flags;
  const about = { version: packageVersion(), isDemo, apiHost, store, outDir };
  try {
    return await startConsole({
      source: lane,
      requests,
      port: parsePort(flags.port),
      host,
      allowHosts,
      uploadsDir,
      about,
      ...defined({ token }),
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--port ${flags.port}: cannot be used (${why})`, 'Choose another, or 0 for any.');
  }
}

/** Best effort: a machine without a browser shows the address alone. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  if (command === undefined) return;
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

const interrupted = ({ signal }: AbortController): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Serves the console until it is told to stop. Without a key it is a demo.
 * @throws UsageError where a flag is not what it should be, or the port is taken
 */
export async function serveConsole(io: CliIo, flags: ServeFlags): Promise<ExitCode> {
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  planOf(flags.plan);
  const isDemo = flags.demo === true || (io.env.CONVILYN_API_KEY?.trim() ?? '') === '';
  const token = tokenFor(io, flags.host);
  const ground = isDemo ? await demoGround(io, flags) : await realGround(io, flags, say);
  try {
    const served = await start(ground, flags, token);
    await ground.lane.resume();
    if (isDemo) say('A demo: nothing leaves this machine. With CONVILYN_API_KEY set it uses your account.');
    if (token !== undefined)
      say('Anybody who has this link can use your key. It is not encrypted on the way.');
    const url = token === undefined ? served.url : `${served.url}#token=${token}`;
    io.stdout.write(`${url}\n`);
    say('The console listens, until Ctrl-C.');
    if (flags.open && io.stderr.isTTY === true) openBrowser(url);
    await interrupted(io.interruption);
    await served.close();
  } finally {
    await ground.close();
  }
  return EXIT.saved;
}
