import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Every process of a test lives so many times as fast. */
const SCALE = 20;
const BASE = Date.now();

/** Epoch ms of the fast clock. */
export const fastNow = (): number => Math.floor(BASE + (Date.now() - BASE) * SCALE);

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface FastCli {
  /** Runs the command in fast time; killed so many real ms after its first request or write, where that is given. */
  live(args: readonly string[], afterMs?: number): Promise<Ending>;
}

/** A bundle of its own for each test file: files run side by side. */
export async function buildFastCli(name: string): Promise<string> {
  // Within node_modules, so that the bundle finds the packages that it leaves outside.
  const outfile = fileURLToPath(
    new URL(`../../../node_modules/.cache/goal-lane-batch/${name}.mjs`, import.meta.url),
  );
  const requireOf =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
  await build({
    entryPoints: [fileURLToPath(new URL('../crash/cli-entry.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@photostructure/sqlite'],
    banner: { js: requireOf },
    logLevel: 'error',
  });
  return outfile;
}

export const fastCli = (
  bundle: string,
  dir: string,
  server: { readonly apiKey: string; readonly baseUrl: string },
): FastCli => ({
  live(args, afterMs) {
    const child = spawn(process.execPath, [bundle, ...args], {
      cwd: dir,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: dir,
        CONVILYN_API_KEY: server.apiKey,
        CONVILYN_BASE_URL: server.baseUrl,
        GOAL_LANE_STORE: join(dir, 'jobs.db'),
        CRASH_TIME_SCALE: String(SCALE),
        CRASH_TIME_BASE: String(BASE),
        ...(afterMs === undefined ? {} : { CRASH_ANNOUNCE: '1' }),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    if (afterMs !== undefined) {
      // Boundary: the fourth of `stdio` is a pipe that we read.
      (child.stdio[3] as Readable).once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
    }
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output })));
  },
});
