import type { Endpoint } from '../limits/endpoint.js';

/** A body that is not JSON. */
export interface RawBody {
  /** What the transport takes: a Node stream, a Blob. */
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
  readonly signal?: AbortSignal | undefined;
  /** The host's name for the job that calls; for the log. */
  readonly jobId?: string | undefined;
  /** What the log says of that job besides. */
  readonly jobFields?: (() => object) | undefined;
  /** True for a transfer, which has a watchdog of its own instead of a time-out of the whole. */
  readonly isTransfer?: boolean;
  /** True for the call that must not be repeated. */
  readonly isOnce?: boolean;
}

/** Sends one request to the API's origin, with the key, under the budget. Resolves with the text of a 2xx. */
export type SendRequest = (request: ApiRequest) => Promise<string>;
