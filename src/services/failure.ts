/** What went wrong, by what can be done about it. */
export type FailureKind =
  /** Refused by us before anything was sent. */
  | 'invalid-input'
  /** A local file cannot be read, or is not the file it was. */
  | 'file'
  /** A local file cannot be written (disk full, read-only). */
  | 'storage'
  /** 401 or 403 from the API. */
  | 'key-refused'
  /** 404 from the API. */
  | 'not-found'
  /** An expired file id, an expired or refused pre-signed URL (401, 403, 404, 410 from storage), a result past its retention. */
  | 'gone'
  /** 409. */
  | 'version-conflict'
  /** 400. */
  | 'invalid-transition'
  /** 422; `fieldErrors` says which. */
  | 'validation'
  /** 429, or a limit that is known to be shut (then nothing was sent). `retryAt` says until when, where known. */
  | 'rate-limited'
  /** Another 4xx that will not heal. */
  | 'rejected'
  /** 408 or 5xx. */
  | 'server'
  /** No reply: refused, reset, DNS, TLS, time-out. */
  | 'network'
  /** A reply that cannot be understood: truncated, HTML where JSON was due, a missing field. */
  | 'bad-response'
  /** The caller's AbortSignal. */
  | 'aborted'
  /** A create that may or may not have been acted upon. */
  | 'outcome-unknown'
  /** The server says that the job failed. */
  | 'job-failed'
  /** A bug, or a host's function that threw something else. */
  | 'internal';

/**
 * Whether the server may have acted on the request.
 * - `not-sent`: it certainly did not see it (refused, DNS, a limit known to be shut).
 * - `refused`: it answered that it did not act (4xx).
 * - `unknown`: it may have acted (reset, time-out, 5xx, a garbled success).
 */
export type Delivery = 'not-sent' | 'refused' | 'unknown';

/** One entry of a 422's `errors` array. */
export interface FieldError {
  /** The field or slot it is about; empty where the server does not say. */
  readonly field: string;
  readonly message: string;
}

/** An error as plain data: what every typed error's `toJSON()` gives, and all that a machine ever sees. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** What to do next, in one sentence. */
  readonly advice: string;
  readonly delivery: Delivery;
  readonly method?: string;
  /** Path without origin and query. */
  readonly path?: string;
  readonly status?: number;
  /** Who said it (law 8). Absent or `api`: the API itself, in its error shape; otherwise whatever answered in its place, whose word binds nobody. */
  readonly speaker?: 'api' | 'proxy' | 'cdn' | 'portal' | 'gateway' | 'storage' | 'unknown';
  /** The server's `error` and `message`. */
  readonly serverError?: string;
  readonly serverMessage?: string;
  readonly fieldErrors?: readonly FieldError[];
  /** Epoch ms on this machine's clock: nothing may be sent to this endpoint before. */
  readonly retryAt?: number;
  /** For `rate-limited`: the quota of a window, or too many concurrent jobs (then the quota's reset means nothing, and `retryAt` is a near hint or absent). */
  readonly limit?: 'quota' | 'concurrency';
  /** For `file` and `invalid-input`: each finding, naming file or slot, rule and limit. */
  readonly findings?: readonly string[];
}
