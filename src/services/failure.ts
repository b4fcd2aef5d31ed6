/** The kind of a failure, by what can be done about it. */
export type FailureKind =
  /** Rejected by us before anything was sent. */
  | 'invalid-input'
  /** A local file cannot be read, or has changed. */
  | 'file'
  /** A local file cannot be written (disk full, read-only). */
  | 'storage'
  /** 401 or 403 from the API itself. */
  | 'key-refused'
  /** 404 from the API. */
  | 'not-found'
  /** An expired file id, an expired or refused pre-signed URL (401, 403, 404, 410 from storage), a result past its retention. */
  | 'gone'
  /** 409. */
  | 'version-conflict'
  /** 400. */
  | 'invalid-transition'
  /** 422; `fieldErrors` names the fields. */
  | 'validation'
  /** 429, or a limit that is known to be closed (then nothing was sent). `retryAt` gives the end, if known. */
  | 'rate-limited'
  /** Another 4xx that a retry does not change. */
  | 'rejected'
  /** 408, 425, 499 or 5xx. */
  | 'server'
  /** No reply: refused, reset, DNS, TLS, time-out; or a reply that did not come from the API (`speaker` says from whom). */
  | 'network'
  /** A reply that cannot be parsed: truncated, HTML instead of JSON, a missing field. */
  | 'bad-response'
  /** Aborted by the caller's AbortSignal. */
  | 'aborted'
  /** It is unknown whether a create had an effect. */
  | 'outcome-unknown'
  /** The API reports that the job failed. */
  | 'job-failed'
  /** A bug, or a function of the host that threw anything else. */
  | 'internal';

/**
 * Whether the server may have acted on the request.
 * - `not-sent`: it certainly did not receive it (refused, DNS, a limit known to be closed).
 * - `refused`: the API itself answered that it did not act (a 4xx that means "not done").
 * - `unknown`: it may have acted (reset, time-out, 408, 499, 5xx, an unreadable success, a reply from something else).
 */
export type Delivery = 'not-sent' | 'refused' | 'unknown';

/** One entry of a 422's `errors` array. */
export interface FieldError {
  /** The field or slot of the error; empty if the server does not name it. */
  readonly field: string;
  readonly message: string;
}

/** An error as plain data: the result of every typed error's `toJSON()`, and all that a machine ever sees. */
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
  /**
   * Who sent the reply (law 8, never mistaken): the API, or something between it and this machine; `unknown` if the reply does
   * not show it. Absent without a reply. Only `api` is reported as the word of the API.
   */
  readonly speaker?: 'api' | 'proxy' | 'cdn' | 'portal' | 'gateway' | 'storage' | 'unknown';
  /** The server's `error` and `message`. */
  readonly serverError?: string;
  readonly serverMessage?: string;
  readonly fieldErrors?: readonly FieldError[];
  /** Epoch ms on this machine's clock before which nothing may be sent to this endpoint. */
  readonly retryAt?: number;
  /**
   * For `rate-limited`: the quota of a window, or too many concurrent jobs (then the reset of the quota is irrelevant, and
   * `retryAt` is a short hint or absent).
   */
  readonly limit?: 'quota' | 'concurrency';
  /** For `file` and `invalid-input`: each problem, naming file or slot, rule and limit. */
  readonly findings?: readonly string[];
}
