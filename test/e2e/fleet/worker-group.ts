import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { GoalWorkerOptions } from '../../../src/adapters/restate/index.js';

/** The processes of a worker behind one URL: those that are killed are followed by others. */
export interface WorkerGroup {
  readonly url: string;
  /** Of the processes that serve now. */
  pids(): readonly number[];
  /** SIGKILL; says whether there was one. */
  kill(index: number): boolean;
  killAll(): void;
  /** For good. */
  close(): Promise<void>;
}

export interface GroupOptions
  extends Pick<GoalWorkerOptions, 'baseUrl' | 'ingress' | 'plan' | 'concurrency'> {
  readonly keys: Readonly<Record<string, string>>;
  readonly results: string;
  readonly processes: number;
  /** By how much the clock of each process is wrong, in ms. */
  readonly clockOffsets?: readonly number[];
  /** The package's door to load; default: as it is built. */
  readonly module?: string;
  /** How long a process that was killed is away, in ms. */
  readonly againMs?: number;
}

/** From the root, where tests and benchmarks are started. */
const ENTRY = join(process.cwd(), 'test', 'e2e', 'fleet', 'workers-entry.mjs');

interface Listening {
  readonly url: string;
  readonly pid: number;
  readonly index: number;
}

function killed(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

export async function startWorkerGroup(options: GroupOptions): Promise<WorkerGroup> {
  const pids = new Map<number, number>();
  const primary: ChildProcess = fork(ENTRY, [], {
    env: { ...process.env, FLEET_WORKERS: JSON.stringify({ port: 0, ...options }) },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    primary.on('message', (message: Listening) => {
      pids.set(message.index, message.pid);
      if (pids.size >= options.processes) resolve(message.url);
    });
    primary.once('exit', (code) => reject(new Error(`the workers ended with ${code}`)));
  });
  return {
    url,
    pids: () => [...pids.values()],
    kill: (index) => killed(pids.get(index)),
    killAll() {
      for (const pid of pids.values()) killed(pid);
    },
    async close() {
      if (primary.exitCode !== null || primary.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => primary.once('exit', () => resolve()));
      primary.kill('SIGKILL');
      for (const pid of pids.values()) killed(pid);
      await gone;
    },
  };
}
