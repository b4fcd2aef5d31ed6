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
  /** SIGKILL of the process that reads the status of jobs now; says whether one did. */
  killReader(): boolean;
  killAll(): void;
  /** SIGTERM: the process hands over what it does, and another one follows it. */
  handOver(index: number): void;
  /** Sets the clock of a process, so that it is wrong by so many ms. */
  setClock(index: number, wrongByMs: number): void;
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
  /** So that the reader can be found. */
  readonly tellsReads?: boolean;
  /** How long a process that was killed is away, in ms. */
  readonly againMs?: number;
}

/** From the root, where tests and benchmarks are started. */
const ENTRY = join(process.cwd(), 'test', 'e2e', 'fleet', 'workers-entry.mjs');

interface Told {
  readonly pid: number;
  readonly index: number;
  /** Present once it listens. */
  readonly url?: string;
  /** It has just read the status of a job. */
  readonly reads?: boolean;
}

/** A process that has read so lately is the reader of a key. */
const READS_MS = 1_500;

function killed(pid: number | undefined, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, signal);
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
  let reader: { readonly pid: number; readonly at: number } | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    primary.on('message', ({ pid, index, url: told, reads }: Told) => {
      if (reads === true) reader = { pid, at: performance.now() };
      if (told === undefined) return;
      pids.set(index, pid);
      if (pids.size >= options.processes) resolve(told);
    });
    primary.once('exit', (code) => reject(new Error(`the workers ended with ${code}`)));
  });
  return {
    url,
    pids: () => [...pids.values()],
    kill: (index) => killed(pids.get(index)),
    killReader() {
      const { pid, at = Number.NEGATIVE_INFINITY } = reader ?? {};
      reader = undefined;
      return performance.now() - at < READS_MS && killed(pid);
    },
    handOver: (index) => void killed(pids.get(index), 'SIGTERM'),
    setClock: (index, setClock) => void primary.send({ index, setClock }, () => undefined),
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
