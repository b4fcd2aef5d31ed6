import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve as absolute } from 'node:path';
import { defined } from '../../../services/defined.js';
import { type RunningConsole, startConsole } from '../../console/index.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import { addressFault } from '../flags/address-fault.js';
import { parsePort } from '../flags/settings.js';
import { packageVersion } from '../version.js';
import { demoGround, fleetGround, type Ground, laneGround, planOf, type ServeFlags } from './serve-ground.js';

const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

/** The token of the environment or a new one; undefined on the loopback. @throws UsageError */
function tokenFor(io: CliIo, host: string): string | undefined {
  if (isLoopback(host)) return undefined;
  const given = io.env.GOAL_LANE_TOKEN?.trim() ?? '';
  if (given === '') return randomBytes(24).toString('base64url');
  if (given.length < 22)
    throw new UsageError('GOAL_LANE_TOKEN: too short', 'Use at least 22 characters, or leave it out.');
  return given;
}

async function start(ground: Ground, flags: ServeFlags, token: string | undefined): Promise<RunningConsole> {
  const { source, requests, isDemo, apiHost, store, outDir, uploadsDir, redact } = ground;
  const { host, allowHost: allowHosts } = flags;
  const about = { version: packageVersion(), isDemo, apiHost, store, outDir };
  try {
    return await startConsole({
      source,
      port: parsePort(flags.port),
      host,
      allowHosts,
      uploadsDir: absolute(uploadsDir),
      about,
      ...defined({ token, requests, redact }),
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const fault = addressFault(error, flags);
    if (fault !== undefined) throw fault;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--port ${flags.port}: cannot be used (${why})`, 'Choose another, or 0 for any.');
  }
}

/** Best effort: without a browser, only the address is shown. */
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

/** The source of the console: a durable engine if one is given, else a lane if there is a key, else a demo. */
function groundOf(io: CliIo, flags: ServeFlags, say: (text: string) => void): Promise<Ground> {
  if (flags.ingress !== undefined && flags.demo !== true) return fleetGround(io, flags, say);
  const isDemo = flags.demo === true || (io.env.CONVILYN_API_KEY?.trim() ?? '') === '';
  return isDemo ? demoGround(io, flags) : laneGround(io, flags, say);
}

/**
 * Serves the console until it is stopped. Without a key it is a demo.
 * @throws UsageError if a flag is invalid, or the port is taken
 */
export async function serveConsole(io: CliIo, flags: ServeFlags): Promise<ExitCode> {
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  planOf(flags.plan);
  const token = tokenFor(io, flags.host);
  const ground = await groundOf(io, flags, say);
  try {
    const served = await start(ground, flags, token);
    await ground.resume();
    if (ground.isDemo)
      say('A demo: nothing leaves this machine. With CONVILYN_API_KEY set it uses your account.');
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
