import axios, { type AxiosAdapter, type AxiosInstance, type AxiosResponse } from 'axios';
import type { Endpoint } from './endpoint.js';
import { errorFromFailure } from './errors/error-from-failure.js';
import { failureFromResponse } from './errors/failure-from-response.js';
import { failureFromTransport, ownError } from './errors/failure-from-transport.js';
import type { Failure } from './failure.js';
import type { Logger } from './logger.js';
import { looseJson } from './loose-json.js';
import type { RateBudget } from './rate-budget.js';
import { createRateLearner, type RateLearner } from './rate-learning.js';
import { blotSecret } from './redact.js';
import { isRedirect, redirectFailure, redirectTarget } from './redirects.js';
import { createWatchdog } from './watchdog.js';

/** Node's connection pools, from the Node adapter. */
export interface Agents {
  readonly httpAgent: unknown;
  readonly httpsAgent: unknown;
  /** For a call that must not be sent on a connection that the other side may be closing: its reset would leave the outcome unknown. */
  readonly fresh?: { readonly httpAgent: unknown; readonly httpsAgent: unknown };
  /** Closes every connection. */
  close?(): void;
}

export interface HttpOptions {
  readonly apiKey: string;
  /** Checked, without a slash at its end. */
  readonly baseUrl: string;
  readonly budget: RateBudget;
  readonly now: () => number;
  /** By how much the wall clock was set since the clock of `now` began, in ms. */
  readonly wallOffset: () => number;
  /** In ms, from sending to the last byte of the reply. */
  readonly requestTimeoutMs: number;
  readonly logger?: Logger;
  readonly adapter?: AxiosAdapter;
  readonly agents?: Agents;
}

/** A body that is not JSON. */
export interface RawBody {
  /** What the transport takes: a Node stream, a FormData. */
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

interface Session {
  readonly options: HttpOptions;
  readonly instance: AxiosInstance;
  readonly learner: RateLearner;
}

/** Law 3 at the door: a limit that is known to be shut is not knocked at. */
function refuseUnderLimit(options: HttpOptions, { endpoint, method, path }: ApiRequest): void {
  const until = options.budget.mayAt(endpoint, options.now());
  if (until === undefined) return;
  const end = new Date(until + options.wallOffset()).toISOString();
  throw errorFromFailure({
    kind: 'rate-limited',
    message: `${method} ${path} was not sent: its limit is shut until ${end}`,
    advice: 'Wait until the limit resets.',
    delivery: 'not-sent',
    method,
    path,
    limit: 'quota',
    retryAt: until,
  });
}

function createApiInstance(options: HttpOptions): AxiosInstance {
  return axios.create({
    headers: { Authorization: `Bearer ${options.apiKey}`, Accept: 'application/json' },
    // The key must not follow a redirect to wherever it leads; and with none, axios holds no upload in memory.
    maxRedirects: 0,
    maxContentLength: 64 * 1024 * 1024,
    // Any other number, Infinity too, would lead each upload through one more stream.
    maxBodyLength: -1,
    responseType: 'text',
    // Bodies are read as text and parsed by us: axios would swallow what is malformed.
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    withCredentials: false,
    ...(options.adapter ? { adapter: options.adapter } : {}),
  });
}

function timeoutFailure({ method, path }: ApiRequest, ms: number): Failure {
  return {
    kind: 'network',
    message: `${method} ${path} got no whole reply within ${ms} ms`,
    advice: 'Check the network and try again.',
    delivery: 'unknown',
    method,
    path,
  };
}

const bodyOf = ({ json, raw }: ApiRequest) => {
  if (raw !== undefined) {
    const { data, headers, onSent } = raw;
    const progress = onSent && { onUploadProgress: ({ loaded }: { loaded: number }) => onSent(loaded) };
    return { data, headers, ...progress };
  }
  if (json === undefined) return {};
  return { data: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } };
};

function agentsFor({ agents }: HttpOptions, { isOnce }: ApiRequest) {
  if (agents === undefined) return {};
  const { httpAgent, httpsAgent } = isOnce ? (agents.fresh ?? agents) : agents;
  return { httpAgent, httpsAgent };
}

async function transmit(
  session: Session,
  request: ApiRequest,
  url: string,
  signal: AbortSignal | undefined,
): Promise<AxiosResponse> {
  const { options, instance } = session;
  // A transport of the host's own keeps time by its own clock; ours has the watchdog.
  const timeout = options.adapter === undefined ? 0 : options.requestTimeoutMs;
  const config = { url, method: request.method, timeout, ...bodyOf(request), ...agentsFor(options, request) };
  return instance.request(signal === undefined ? config : { ...config, signal });
}

/** A refusal whose body broke off is a refusal all the same. */
function brokenRefusal(error: unknown): AxiosResponse | undefined {
  const response = axios.isAxiosError(error) ? error.response : undefined;
  if (response === undefined || response.status < 400) return undefined;
  return { ...response, data: '' };
}

/** A reply that came before the body was through: what is left of the request would go on for nobody, and hold its connection. */
function endUnsent(sent: unknown): void {
  if (typeof sent !== 'object' || sent === null || Reflect.get(sent, 'writableFinished') !== false) return;
  const destroy: unknown = Reflect.get(sent, 'destroy');
  if (typeof destroy === 'function') destroy.call(sent);
}

/** One request and its reply, within its time; a failure names method and path and never shows the key. */
async function exchange(session: Session, request: ApiRequest, url: string): Promise<AxiosResponse> {
  const { options } = session;
  const { method, path } = request;
  const ms = request.isTransfer ? 0 : options.requestTimeoutMs;
  const watchdog = createWatchdog(request.signal, ms, () => errorFromFailure(timeoutFailure(request, ms)));
  try {
    const response = await transmit(session, request, url, watchdog.signal);
    if (request.isTransfer) endUnsent(response.request);
    return response;
  } catch (error) {
    const refusal = brokenRefusal(error);
    if (refusal !== undefined && !watchdog.signal.aborted) return refusal;
    options.budget.onLost?.(request.endpoint, options.now());
    const own = ownError(error, watchdog.signal);
    if (own !== undefined) throw own;
    const isAborted = watchdog.signal.aborted;
    throw errorFromFailure(
      failureFromTransport({ method, path, error, isAborted, secrets: [options.apiKey] }),
    );
  } finally {
    watchdog.stop();
  }
}

function refuseAborted({ method, path, signal }: ApiRequest): void {
  if (!signal?.aborted) return;
  const failure = failureFromTransport({ method, path, error: signal.reason, isAborted: true, secrets: [] });
  throw errorFromFailure({ ...failure, delivery: 'not-sent' });
}

function refusalOf(session: Session, request: ApiRequest, response: AxiosResponse, sentAt: number): Error {
  const { method, path, endpoint } = request;
  const body = looseJson(String(response.data ?? ''));
  const { retryAfterAt, verdict } = session.learner.learn(endpoint, response, body, sentAt);
  return errorFromFailure(
    failureFromResponse({
      method,
      path,
      status: response.status,
      body,
      secrets: [session.options.apiKey],
      ...(retryAfterAt === undefined ? {} : { retryAfterAt }),
      ...(verdict === undefined ? {} : { limit: verdict }),
    }),
  );
}

/** What each line about a request says of the job that it is for. */
export const ofJob = ({ jobId, jobFields }: Pick<ApiRequest, 'jobId' | 'jobFields'>): object =>
  jobId === undefined ? {} : { job: jobId, ...jobFields?.() };

function logReply({ options }: Session, request: ApiRequest, status: number, sentAt: number): void {
  const { logger } = options;
  if (logger === undefined) return;
  const { method, path } = request;
  const line = { method, path, status, ms: Math.round(options.now() - sentAt), ...ofJob(request) };
  if (status < 400) logger.debug(line, 'reply');
  else logger.info(line, 'refusal');
}

function logLoss({ options }: Session, request: ApiRequest, error: unknown, sentAt: number): void {
  const { method, path } = request;
  const reason = error instanceof Error ? error.message : '';
  const line = { method, path, ms: Math.round(options.now() - sentAt), ...ofJob(request), reason };
  options.logger?.warn(line, 'no reply');
}

/** The one way to the API. Rejects with the typed error of what went wrong. */
export function createSendRequest(options: HttpOptions): SendRequest {
  const learner = createRateLearner(options.budget, options);
  const session: Session = { options, instance: createApiInstance(options), learner };
  const send = async (request: ApiRequest, url: string, hops: number): Promise<string> => {
    refuseAborted(request);
    refuseUnderLimit(options, request);
    const sentAt = options.now();
    options.budget.onSend?.(request.endpoint, sentAt);
    const response = await exchange(session, request, url).catch((error: unknown) => {
      logLoss(session, request, error, sentAt);
      throw error;
    });
    const { status } = response;
    logReply(session, request, status, sentAt);
    if (status >= 400) throw refusalOf(session, request, response, sentAt);
    learner.learn(request.endpoint, response, undefined, sentAt);
    if (isRedirect(status)) {
      const target = redirectTarget(options.baseUrl, request, response, { url, hops });
      if (target === undefined) throw errorFromFailure(redirectFailure(request, status));
      return send(request, target, hops + 1);
    }
    return blotSecret(typeof response.data === 'string' ? response.data : '', options.apiKey);
  };
  return (request) => send(request, `${options.baseUrl}${request.path}`, 0);
}
