import { defined } from '../../../services/defined.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import { drainWorker } from '../../restate/admin/deployments.js';
import { registerWorker } from '../../restate/admin/register.js';
import { addressUrlFault } from '../../restate/check-values.js';
import { loadSdk } from '../../restate/sdk/load-sdk.js';
import { keysFromFile } from '../../restate/worker/key-ring.js';
import { releaseUrl } from '../../restate/worker/release.js';
import {
  type ProcessSettings,
  type ServedWorkers,
  serveWorkers,
} from '../../restate/worker/serve-workers.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import { addressFault } from '../flags/address-fault.js';
import type { CommonFlags } from '../flags/flags.js';
import { apiKeyFrom, baseUrlFrom, parsePort, traceOf } from '../flags/settings.js';

export interface WorkerFlags extends Pick<CommonFlags, 'baseUrl' | 'trace' | 'traceValues'> {
  readonly admin: string;
  readonly ingress: string;
  readonly port: string;
  readonly host: string;
  readonly url?: string;
  readonly processes: string;
  readonly keys?: string;
  readonly out?: string;
  readonly plan?: string;
  readonly concurrency?: string;
  readonly identityKey?: string;
  readonly drain: string;
}

const PLANS = ['free', 'pro', 'business'] as const;

function countFrom(flag: string, text: string, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= most) return count;
  throw new UsageError(`${flag}: not a number from 1 to ${most}`, `Write ${flag} 2.`);
}

function planFrom(text: string | undefined): (typeof PLANS)[number] | undefined {
  const plan = PLANS.find((name) => name === text);
  if (text !== undefined && plan === undefined)
    throw new UsageError('--plan: not a plan', `Write one of ${PLANS.join(', ')}.`);
  return plan;
}

function checkKeys(io: CliIo, { keys }: WorkerFlags): void {
  if (keys === undefined) {
    // Any key will do: jobs are started with the names of keys.
    const isOne = ([name, key]: [string, unknown]): boolean => /^CONVILYN_API_KEY_./.test(name) && key !== '';
    if (!Object.entries(io.env).some(isOne)) apiKeyFrom(io.env);
    return;
  }
  try {
    keysFromFile(keys);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const advice = isGoalLaneError(error)
      ? error.failure.advice
      : 'Write it as { "name": "key" }, mode 0600.';
    throw new UsageError(`--keys: ${what}`, advice);
  }
}

function checkUrl(flag: string, url: string): void {
  const fault = addressUrlFault(url);
  if (fault !== undefined) throw new UsageError(`${flag} ${fault}`, `Write ${flag} http://127.0.0.1:9070.`);
}

/** @throws UsageError if the address cannot be listened on */
async function serve(io: CliIo, flags: WorkerFlags, processes: number): Promise<ServedWorkers> {
  const note = (error: unknown): void =>
    void io.stderr.write(`A process cannot be replaced: ${error instanceof Error ? error.message : error}\n`);
  try {
    return await serveWorkers(settingsFrom(io, flags), processes, flags.admin, note);
  } catch (error) {
    throw addressFault(error, flags) ?? error;
  }
}

function settingsFrom(io: CliIo, flags: WorkerFlags): ProcessSettings {
  const { host, ingress, keys, out, identityKey } = flags;
  return {
    port: parsePort(flags.port),
    host,
    ingress,
    ...defined({
      baseUrl: baseUrlFrom(flags.baseUrl, io.env),
      keysFile: keys,
      results: out,
      plan: planFrom(flags.plan),
      concurrency:
        flags.concurrency === undefined
          ? undefined
          : countFrom('--concurrency', flags.concurrency, 1_000_000),
      trace: traceOf(flags),
      identityKeys: identityKey === undefined ? undefined : [identityKey],
    }),
  };
}

const interrupted = ({ signal }: AbortController): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Serves the durable engine until it is stopped; an older release keeps running until its last job is done.
 * @throws UsageError for a flag; GoalLaneError if the engine's SDK is missing, or the engine cannot be reached
 */
export async function runWorker(io: CliIo, flags: WorkerFlags): Promise<ExitCode> {
  // Checked first, because nothing works without the SDK.
  await loadSdk();
  checkKeys(io, flags);
  const processes = countFrom('--processes', flags.processes, 64);
  const withinMs = Number(flags.drain) * 1_000;
  if (!(withinMs >= 0)) throw new UsageError('--drain: not a number of seconds', 'Write --drain 60.');
  const { admin } = flags;
  checkUrl('--admin', admin);
  checkUrl('--ingress', flags.ingress);
  if (flags.url !== undefined) checkUrl('--url', flags.url);
  const workers = await serve(io, flags, processes);
  try {
    const url = flags.url === undefined ? workers.url : releaseUrl(flags.url);
    const { deployment } = await registerWorker({ admin, url });
    io.stdout.write(`${url}\n`);
    io.stderr.write(
      `${processes} ${processes === 1 ? 'process serves' : 'processes serve'} the engine at ${admin}, until Ctrl-C.\n`,
    );
    await interrupted(io.interruption);
    const drained = await drainWorker({ admin, deployment, withinMs }).catch(() => 'current' as const);
    io.stderr.write(
      drained === 'current'
        ? 'Jobs wait for the next worker.\n'
        : `Another release has taken over${drained === 'busy' ? '; some work of this one waits until it runs again' : ''}.\n`,
    );
  } finally {
    await workers.close();
  }
  return EXIT.saved;
}
