import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN =
  process.env.GOAL_LANE_MAIN ?? fileURLToPath(new URL('../../../dist/adapters/cli/main.js', import.meta.url));

export interface CliRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Killed after so long: a run that hangs is a finding. */
  readonly timeoutMs?: number;
  /** Called with what came so far, whenever something comes. */
  readonly onOutput?: (stdout: string, child: { kill(signal: NodeJS.Signals): boolean }) => void;
}

/** Runs the built command as a child process. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', HOME: options.cwd, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    options.onOutput?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      clearTimeout(timer);
      resolve({ exit, stdout, stderr, ms: performance.now() - startedAt });
    });
  });
}
