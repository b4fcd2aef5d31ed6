import type { StopSignal } from '../caller-signal.js';
import type { Endpoint } from '../limits/endpoint.js';

/** A body that is not JSON. */
export interface RawBody {
  /** What the transport accepts: a Node stream, a Blob. */
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly onSent?: (sentBytes: number) => void;
}

export interface ApiRequest {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly json?: unknown;
  readonly raw?: RawBody;
  readonly signal?: StopSignal | undefined;
  /** The host's name for the calling job, for the log. */
  readonly jobId?: string | undefined;
  /** More about that job for the log. */
  readonly jobFields?: (() => object) | undefined;
  /** True for a transfer, which has its own watchdog instead of a time-out for the whole. */
  readonly isTransfer?: boolean;
  /** True for the call that must not be repeated. */
  readonly isOnce?: boolean;
}

/** Sends one request with the key to the origin of the API, within the budget. Resolves with the text of a 2xx. */
export type SendRequest = (request: ApiRequest) => Promise<string>;
