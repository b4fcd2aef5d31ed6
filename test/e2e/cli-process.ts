import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReferenceServer } from './reference-server.js';

const MAIN = fileURLToPath(new URL('../../dist/adapters/cli/main.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each line of stdout as JSON. */
  lines(): Record<string, unknown>[];
  /** The last line of stdout as JSON. */
  last(): Record<string, unknown>;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves with all output so far once stdout or stderr has shown it. */
  shows(pattern: RegExp): Promise<string>;
}

/** An empty folder, as a home for one command after the other. */
export interface Workplace {
  readonly dir: string;
  file(name: string, content?: string): string;
  /** `stdout`: an open file in the place of the pipe that is read. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>, stdout?: number): RunningCli;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  remove(): void;
}

function startCli(
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdoutFile: number | undefined,
): RunningCli {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? '', HOME: dir, XDG_STATE_HOME: join(dir, 'state'), ...env },
    stdio: ['ignore', stdoutFile ?? 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const watchers = new Set<() => void>();
  const watch = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    watch();
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    watch();
  });
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => {
      const lines = (): Record<string, unknown>[] =>
        stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line));
      resolve({ code, stdout, stderr, lines, last: () => lines().at(-1) ?? {} });
    });
  });
  const shows = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(stdout) && !pattern.test(stderr)) return;
        watchers.delete(look);
        resolve(stdout + stderr);
      };
      watchers.add(look);
      look();
      void result.then(() => reject(new Error(`it ended before it showed ${pattern}: ${stdout}${stderr}`)));
    });
  return { child, result, shows };
}

export function createWorkplace(server?: Pick<ReferenceServer, 'key' | 'baseUrl'>): Workplace {
  const dir = mkdtempSync(join(tmpdir(), 'goal-lane-cli-'));
  const known: Record<string, string> =
    server === undefined ? {} : { CONVILYN_API_KEY: server.key, CONVILYN_BASE_URL: server.baseUrl };
  const started: ChildProcess[] = [];
  const start: Workplace['start'] = (args, env = {}, stdout = undefined) => {
    const cli = startCli(dir, args, { ...known, ...env }, stdout);
    started.push(cli.child);
    return cli;
  };
  return {
    dir,
    file(name, content = `the text of ${name}\n`) {
      writeFileSync(join(dir, name), content);
      return name;
    },
    start,
    run: (args, env) => start(args, env).result,
    remove() {
      // A test that failed half-way must not leave its command behind.
      for (const child of started) child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
