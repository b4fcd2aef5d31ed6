import type { Clock } from '../../engine/binding/clock.js';
import type { JobLogger } from '../../engine/job/job-logger.js';
import type { JobTelemetry } from '../../engine/job/telemetry/job-telemetry.js';
import type { PlanHint, PlanName } from '../../engine/lane/starts/plan-hint.js';
import type { OwnPorts } from '../../machines/ports.js';
import type { GoalClientOptions } from '../../services/client-options.js';
import type { TraceSettings } from '../../services/http/exchange.js';

/** Looks up API keys by the names with which jobs are started. The engine never stores the key itself. */
export interface KeyRing {
  /**
   * Undefined if there is no such key: a job that needs it then ends with `key-refused`, as failed where the server has none, and
   * otherwise as detached, from where `resume` goes on. The reading of the key waits for a worker that has it.
   */
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

/** The target of a result: `url` receives one PUT with the bytes, and is not stored. */
export interface PutTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The name of the result in the outcome, instead of the URL without its query. */
  readonly name?: string | undefined;
}

/** A file handle to resolve, for hosts whose files are behind URLs that must not be stored. */
export interface FileToOpen {
  readonly jobId: string;
  readonly keyId: string;
  readonly handle: string;
}

export interface GoalWorkerOptions {
  /** Keys by name, a function, or a {@link KeyRing} from the environment or a file (`keysFromEnv`, `keysFromFile`). */
  readonly keys: Readonly<Record<string, string>> | KeyRing | KeyRing['keyOf'];
  /** Base URL of the API. Default: the one in the reference. */
  readonly baseUrl?: string | undefined;
  /** The expected limits of each key; what the server reports takes precedence. Default: learned from the server. */
  readonly plan?: PlanName | PlanHint | undefined;
  /** The highest number of jobs of a key at once, if lower than the plan allows. */
  readonly concurrency?: number | undefined;
  /**
   * A directory that all workers share, or a function that returns a URL for a PUT. Default `goal-lane-results` in the working
   * directory.
   */
  readonly results?: string | ((result: ResultToPut) => PutTarget | Promise<PutTarget>) | undefined;
  /**
   * Resolves a file of a job's input to a path on a disk that all workers share, or to an `https:` or `file:` URL that the worker
   * streams from. Default: the handle itself. The returned value is not stored.
   */
  readonly openFile?: ((file: FileToOpen) => string | Promise<string>) | undefined;
  /** Ports that replace those for files and this API. */
  readonly ports?: OwnPorts | undefined;
  /** URL of the engine, for progress messages and late replies. Default `http://127.0.0.1:8080`. */
  readonly ingress?: string | undefined;
  readonly uploadsAtOnce?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  readonly allowUrl?: GoalClientOptions['allowUrl'] | undefined;
  readonly logger?: JobLogger | undefined;
  /** Traces and metrics from `goal-lane/opentelemetry`, for the work of this process on each job. */
  readonly telemetry?: JobTelemetry | undefined;
  /** Writes every exchange of this process to this file as HAR 1.2, without secrets and by default without slot values. */
  readonly trace?: TraceSettings | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Keys with which the engine signs its requests: required if the worker listens beyond the loopback. */
  readonly identityKeys?: readonly string[] | undefined;
}
