import cluster, { type Worker } from 'node:cluster';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import type { Failure } from '../../../services/failure.js';
import { resumePaused } from '../admin/deployments.js';
import type { GoalWorkerOptions } from '../worker-options.js';

/** The settings of a worker's processes; plain JSON, without keys. */
export interface ProcessSettings
  extends Pick<GoalWorkerOptions, 'baseUrl' | 'plan' | 'concurrency' | 'ingress' | 'identityKeys' | 'trace'> {
  readonly results?: string;
  /** Names and keys; default: the environment. */
  readonly keysFile?: string;
  readonly port: number;
  readonly host: string;
}

/** What one of the processes reports: its URL once it listens, or why it ends before that. */
export type ProcessReport =
  | { readonly url: string }
  | {
      readonly message: string;
      /** The system's code of the error. */
      readonly code?: string | undefined;
      readonly failure?: Failure | undefined;
    };

export interface ServedWorkers {
  readonly url: string;
  readonly pids: () => readonly number[];
  close(): Promise<void>;
}

/** The delay before a process that ended is replaced. */
const AGAIN_MS = 500;
const RESUME_EVERY_MS = 60_000;

const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const listening = (worker: Worker): Promise<string> =>
  new Promise((resolve, reject) => {
    worker.on('message', (report: ProcessReport) => {
      if ('url' in report) resolve(report.url);
      else
        reject(
          report.failure
            ? errorFromFailure(report.failure)
            : Object.assign(new Error(report.message), report),
        );
    });
    worker.once('exit', (code) =>
      reject(new Error(`a process of the worker ended with ${code} before it listened`)),
    );
  });

/**
 * Runs several processes behind one port: the engine knows one URL and distributes its calls to all of them. A process that dies
 * is replaced.
 * @param admin URL of the engine's admin API; its paused handlers are resumed
 * @param onTrouble called when a process that replaces another one cannot listen; it is tried again
 * @throws GoalLaneError or the system's error if the first processes cannot listen
 */
export async function serveWorkers(
  settings: ProcessSettings,
  processes: number,
  admin: string,
  onTrouble: (error: unknown) => void = () => undefined,
): Promise<ServedWorkers> {
  // With round-robin the primary passes connections on; if the process is then killed, its connection and calls would stay open
  // for a minute.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./worker-process.js', import.meta.url)), args: [] });
  let isClosing = false;
  const workers = new Set<Worker>();

  function fork(port: number): Promise<string> {
    const text = JSON.stringify({ ...settings, port });
    const worker = cluster.fork({ GOAL_LANE_WORKER_SETTINGS: text });
    workers.add(worker);
    worker.on('error', () => undefined);
    worker.once('exit', () => workers.delete(worker));
    return listening(worker);
  }

  function keepUp(port: number): void {
    cluster.on('exit', () => {
      if (isClosing) return;
      setTimeout(() => {
        if (!isClosing && workers.size < processes) fork(port).catch(onTrouble);
      }, AGAIN_MS);
    });
  }

  // Chosen here, because all processes share the port, and it must outlive each of them.
  const port = settings.port === 0 ? await freePort(settings.host) : settings.port;
  const url = await fork(port);
  keepUp(port);
  await Promise.all(Array.from({ length: processes - 1 }, () => fork(port)));
  const resuming = setInterval(() => void resumePaused(admin).catch(() => undefined), RESUME_EVERY_MS);
  return {
    url,
    pids: () => [...workers].flatMap(({ process: { pid } }) => (pid === undefined ? [] : [pid])),
    async close() {
      isClosing = true;
      clearInterval(resuming);
      const gone = [...workers].map(
        (worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())),
      );
      for (const worker of workers) worker.process.kill('SIGTERM');
      await Promise.all(gone);
    },
  };
}
