import type { Clock } from '../../engine/binding/clock.js';
import type { JobLogger } from '../../engine/job/job-logger.js';
import type { JobTelemetry } from '../../engine/job/telemetry/job-telemetry.js';
import type { PlanHint, PlanName } from '../../engine/lane/starts/plan-hint.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClientOptions } from '../../services/create-goal-client.js';

/** Looks up API keys by the names under which jobs are started. The key itself is never stored by the engine. */
export interface KeyRing {
  /** Undefined where there is no such key: its jobs wait until there is. */
  keyOf(keyId: string): string | undefined | Promise<string | undefined>;
}

/** A result that is about to be delivered. */
export interface ResultToPut {
  readonly jobId: string;
  readonly keyId: string;
  readonly jobSpecId: string;
  /** Safe as the last part of a path. */
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Where a result is put by the host: `url` gets one PUT with the bytes, and is not stored. */
export interface PutTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the outcome calls it instead of the URL without its query. */
  readonly name?: string;
}

/** What is meant by the handle of a file, for a host whose files are behind URLs that must not be stored. */
export interface FileToOpen {
  readonly jobId: string;
  readonly keyId: string;
  readonly handle: string;
}

export interface GoalWorkerOptions {
  /** By name; a function of the host's; or {@link KeyRing} made of the environment or of a file (`keysFromEnv`, `keysFromFile`). */
  readonly keys: Readonly<Record<string, string>> | KeyRing | KeyRing['keyOf'];
  /** Of the API. Default: the one of the reference. */
  readonly baseUrl?: string;
  /** What the host believes of each key's limits; what the server says goes before. */
  readonly plan?: PlanName | PlanHint;
  /** Most jobs of a key at once, if less than the plan allows. */
  readonly concurrency?: number;
  /**
   * A directory that is the same for all workers, or a function that makes a URL for a PUT. Default `goal-lane-results` in the
   * working directory.
   */
  readonly results?: string | ((result: ResultToPut) => PutTarget | Promise<PutTarget>);
  /**
   * What a file of a job's input stands for: a path on a disk that all workers share, or an `https:` or `file:` URL that the worker
   * streams from. Default: the handle is that itself. What it returns is not stored.
   */
  readonly openFile?: (file: FileToOpen) => string | Promise<string>;
  /** Ports in the place of those for files and this API. */
  readonly ports?: Partial<JobPorts>;
  /** Of the engine, for news of progress and for late replies. Default `http://127.0.0.1:8080`. */
  readonly ingress?: string;
  readonly uploadsAtOnce?: number;
  readonly requestTimeoutMs?: number;
  readonly allowUrl?: GoalClientOptions['allowUrl'];
  readonly logger?: JobLogger;
  /** Traces and metrics, from `goal-lane/opentelemetry`: what this process does of each job. */
  readonly telemetry?: JobTelemetry | undefined;
  readonly clock?: Clock;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  /** Keys with which the engine signs its requests: needed where the worker listens on more than the loopback. */
  readonly identityKeys?: readonly string[];
}
