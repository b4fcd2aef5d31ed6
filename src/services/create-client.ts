import { confirmJob } from './calls/confirm-job.js';
import { createJob } from './calls/create-job.js';
import { createFetchResult } from './calls/fetch-result.js';
import { fillSlots } from './calls/fill-slots.js';
import { getDownload } from './calls/get-download.js';
import { getJob } from './calls/get-job.js';
import { getStatus } from './calls/get-status.js';
import { loadCatalog } from './calls/load-catalog.js';
import { uploadFile } from './calls/upload-file.js';
import { checkTimeouts } from './check-numbers.js';
import { checkParts } from './check-parts.js';
import type { GoalClientOptions } from './client-options.js';
import { createFetchTransport } from './fetch/create-fetch-transport.js';
import { platformFetch } from './fetch/fetch-function.js';
import { apiKeyOf, baseUrlOf } from './given-options.js';
import type { GoalClient } from './goal-client.js';
import { guardedClient } from './guarded-client.js';
import { exchangeListener } from './http/exchange.js';
import { createSendRequest } from './http/http.js';
import { isLoopback } from './http/is-loopback.js';
import type { LoadAxios, Sending } from './http/transport.js';
import { createRateBudget } from './limits/rate-budget.js';
import { redactingLogger } from './redaction/redacting-logger.js';
import { createRedactor } from './redaction/redactor.js';
import { refuseInput } from './refuse-input.js';
import { processTime } from './time/steady-time.js';

/** Without a given transport: axios if the importing door loads it; the platform's `fetch` otherwise. */
export interface ClientDefaults {
  readonly loadAxios?: LoadAxios;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** By what the client sends: `adapter` first, then `fetch`, then the platform's transport, then the default. */
function sendingOf({ adapter, fetch, transport }: GoalClientOptions, { loadAxios }: ClientDefaults): Sending {
  if (adapter !== undefined && !isFunction(adapter))
    refuseInput(['adapter is no function'], 'Pass a transport of axios, or leave it out.');
  if (fetch !== undefined && !isFunction(fetch))
    refuseInput(
      ['fetch is no function'],
      "Pass the platform's fetch or one with its contract, or leave it out.",
    );
  // Results by fetch where it is given, too: not every transport of axios can stream.
  if (adapter !== undefined)
    return fetch === undefined ? { adapter } : { adapter, transport: createFetchTransport(fetch) };
  if (fetch !== undefined) return { transport: createFetchTransport(fetch) };
  if (transport !== undefined) return { transport };
  if (loadAxios !== undefined) return { loadAxios };
  if (!isFunction(globalThis.fetch))
    refuseInput(['this platform has no fetch'], 'Pass fetch, or an adapter of axios.');
  return { transport: createFetchTransport(platformFetch) };
}

/** The client of one key. Throws `InvalidInputError` for a key, a base URL, a time-out or a transport that cannot be meant, before anything is sent. */
export function createClient(options: GoalClientOptions, defaults: ClientDefaults = {}): GoalClient {
  checkParts(options);
  const apiKey = apiKeyOf(options.apiKey);
  const baseUrl = baseUrlOf(options.baseUrl);
  checkTimeouts(options);
  const now = options.now ?? processTime.now;
  const wallOffset = options.wallOffset ?? (options.now === undefined ? processTime.wallOffset : () => 0);
  const budget = options.budget ?? createRateBudget();
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const stallTimeoutMs = options.stallTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const redactor = createRedactor([apiKey]);
  const logger = options.logger && redactingLogger(options.logger, redactor);
  const onExchange = exchangeListener(options.onRequest, options.onExchange);
  const { decoders, allowUrl, openFile } = options;
  const sending = sendingOf(options, defaults);
  // What is spread stands last: an object that begins with a spread gets a hidden class of its own, larger than what is in it.
  const common = { logger, apiKey, baseUrl, now, wallOffset, onExchange, ...sending };
  const send = createSendRequest({ redactor, budget, requestTimeoutMs, ...common });
  if (baseUrl.startsWith('http:') && !isLoopback(new URL(baseUrl).hostname)) {
    logger?.warn({ baseUrl }, 'the key goes over the network unencrypted: the base URL is http:');
  }
  const client: GoalClient = {
    loadCatalog: loadCatalog(send),
    uploadFile: uploadFile(send, { openFile, stallTimeoutMs }),
    createJob: createJob(send),
    getJob: getJob(send),
    fillSlots: fillSlots(send),
    confirmJob: confirmJob(send),
    getStatus: getStatus(send),
    getDownload: getDownload(send),
    fetchResult: createFetchResult({ decoders, allowUrl, stallTimeoutMs, ...common }),
    redact: redactor.shown,
    close: () => options.transport?.close?.(),
  };
  return guardedClient(client, redactor);
}
