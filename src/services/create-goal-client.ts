import type { AxiosAdapter } from 'axios';
import type { OpenFile } from './bytes/upload-body.js';
import { confirmJob } from './calls/confirm-job.js';
import { createJob } from './calls/create-job.js';
import { createFetchResult } from './calls/fetch-result.js';
import { fillSlots } from './calls/fill-slots.js';
import { getDownload } from './calls/get-download.js';
import { getJob } from './calls/get-job.js';
import { getStatus } from './calls/get-status.js';
import { loadCatalog } from './calls/load-catalog.js';
import type { AllowUrl } from './calls/storage-url.js';
import { uploadFile } from './calls/upload-file.js';
import { checkApiKey, checkBaseUrl, DEFAULT_BASE_URL } from './check-options.js';
import type { ByteDecoder, GoalClient } from './goal-client.js';
import { guardedClient } from './guarded-client.js';
import { exchangeListener, type OnExchange, type OnRequest } from './http/exchange.js';
import { createSendRequest } from './http/http.js';
import { isLoopback } from './http/is-loopback.js';
import type { Transport } from './http/transport.js';
import { createRateBudget, type RateBudget } from './limits/rate-budget.js';
import type { Logger } from './logger.js';
import { redactingLogger } from './redaction/redacting-logger.js';
import { createRedactor } from './redaction/redactor.js';
import { processTime } from './time/steady-time.js';
import { unfailingLogger } from './unfailing-logger.js';

export interface GoalClientOptions {
  /** Sent to the origin of the API and nowhere else (law 5, never leaked). */
  readonly apiKey: string;
  /** Default: the base URL of the API reference. */
  readonly baseUrl?: string;
  /** What is known of the key's limits; shared by all jobs of a key. Default: a new one for this client. */
  readonly budget?: RateBudget;
  /** Epoch ms of a clock that is never set; the job and the client must use the same one. Default: the time of this process. */
  readonly now?: () => number;
  /** How far the wall clock was set since that clock started, in ms. Default: that of this process, or 0 with a custom `now`. */
  readonly wallOffset?: () => number;
  /** From sending to the last byte of the reply, in ms; transfers have no such limit. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** How long a transfer may go without a byte, in ms. Default 30,000. */
  readonly stallTimeoutMs?: number;
  readonly logger?: Logger;
  /** An axios adapter instead of the platform's own: for tests without a network. */
  readonly adapter?: AxiosAdapter;
  /** How the platform sends requests, from its adapter: on Node `createNodeTransport()`. Default: that of axios. */
  readonly transport?: Transport;
  /** Called for every exchange: method, path, status, time, attempt, item version sent and received, remaining limit. */
  readonly onRequest?: OnRequest;
  /** Called for every exchange, with headers and redacted JSON bodies: for a trace. */
  readonly onExchange?: OnExchange;
  /** Opens a file for its upload, from the adapter of the platform. */
  readonly openFile?: OpenFile;
  /** Decoders for content codings other than gzip and deflate, by lower-case name, from the adapter of the platform. */
  readonly decoders?: Readonly<Record<string, ByteDecoder>>;
  /**
   * Decides about each URL from which a result is to be fetched, including redirects. Unless it returns true, nothing is sent and
   * the call rejects with kind `rejected`. It has the last word. Default: any https URL, and http if the API uses http.
   */
  readonly allowUrl?: AllowUrl;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

/** Creates the client of one key. Throws `InvalidInputError` for an invalid key or base URL before anything is sent. */
export function createGoalClient(given: GoalClientOptions): GoalClient {
  const { logger: hostLogger } = given;
  const options = hostLogger === undefined ? given : { ...given, logger: unfailingLogger(hostLogger) };
  const apiKey = checkApiKey(options.apiKey);
  const baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const now = options.now ?? processTime.now;
  const wallOffset = options.wallOffset ?? (options.now === undefined ? processTime.wallOffset : () => 0);
  const budget = options.budget ?? createRateBudget();
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const stallTimeoutMs = options.stallTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const redactor = createRedactor([apiKey]);
  const logger = options.logger && redactingLogger(options.logger, redactor);
  const onExchange = exchangeListener(options.onRequest, options.onExchange);
  const common = { ...options, ...(logger ? { logger } : {}), apiKey, baseUrl, now, wallOffset, onExchange };
  const send = createSendRequest({ ...common, redactor, budget, requestTimeoutMs });
  if (baseUrl.startsWith('http:') && !isLoopback(new URL(baseUrl).hostname)) {
    logger?.warn({ baseUrl }, 'the key goes over the network unencrypted: the base URL is http:');
  }
  const client: GoalClient = {
    loadCatalog: loadCatalog(send),
    uploadFile: uploadFile(send, { openFile: options.openFile, stallTimeoutMs }),
    createJob: createJob(send),
    getJob: getJob(send),
    fillSlots: fillSlots(send),
    confirmJob: confirmJob(send),
    getStatus: getStatus(send),
    getDownload: getDownload(send),
    fetchResult: createFetchResult({ ...common, stallTimeoutMs }),
    redact: redactor.shown,
    close: () => options.transport?.close?.(),
  };
  return guardedClient(client, redactor);
}
