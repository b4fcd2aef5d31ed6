import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from '../crash/bundle-entries.js';

/** In which every process of a test lives, its server too. */
export interface FastTime {
  /** Epoch ms of the fast clock. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string>>;
}

/** `scale` times as fast. What a process needs to start is longer, too, by as much. */
export function fastTime(scale: number): FastTime {
  const base = Date.now();
  return {
    now: () => Math.floor(base + (Date.now() - base) * scale),
    env: { CRASH_TIME_SCALE: String(scale), CRASH_TIME_BASE: String(base) },
  };
}

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
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/goal-lane-${name}/`, import.meta.url));
  await bundleEntries([fileURLToPath(new URL('../crash/cli-entry.ts', import.meta.url))], folder);
  return join(folder, 'cli-entry.mjs');
}

export const fastCli = (
  bundle: string,
  dir: string,
  server: { readonly apiKey: string; readonly baseUrl: string },
  time: FastTime,
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
        ...time.env,
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
