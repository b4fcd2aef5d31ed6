import axios, {
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  type RawAxiosRequestHeaders,
} from 'axios';
import { type ClockSkew, cautiousSkewMs, narrowSkew } from './clock-skew.js';
import type { Endpoint } from './endpoint.js';
import { errorFromFailure } from './errors/error-from-failure.js';
import { failureFromResponse } from './errors/failure-from-response.js';
import { failureFromTransport } from './errors/failure-from-transport.js';
import type { Failure } from './failure.js';
import type { Logger } from './logger.js';
import type { RateBudget } from './rate-budget.js';
import { parseRateHeaders } from './rate-headers.js';

export interface HttpOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly budget: RateBudget;
  readonly now: () => number;
  readonly requestTimeoutMs: number;
  readonly logger?: Logger;
  readonly adapter?: AxiosAdapter;
  /** Node's connection pools, from the Node adapter. */
  readonly agents?: { readonly httpAgent: unknown; readonly httpsAgent: unknown };
}

export interface ApiRequest {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: RawAxiosRequestHeaders;
  /** 0: no time-out of the whole (transfers have a stall time-out of their own). */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** Sends one request to the API's origin, with the key, under the budget. Resolves with the text of a 2xx. */
export type SendRequest = (request: ApiRequest) => Promise<string>;

const MAX_REDIRECTS = 3;

/** Law 3 at the door: a limit that is known to be shut is not knocked at. */
function refuseUnderLimit(options: HttpOptions, request: ApiRequest): void {
  const until = options.budget.mayAt(request.endpoint, options.now());
  if (until === undefined) return;
  throw errorFromFailure({
    kind: 'rate-limited',
    message: `${request.method} ${request.path} was not sent: its limit is shut until ${new Date(until).toISOString()}`,
    advice: 'Wait until the limit resets.',
    delivery: 'not-sent',
    method: request.method,
    path: request.path,
    limit: 'quota',
    retryAt: until,
  });
}

function createApiInstance(options: HttpOptions): AxiosInstance {
  return axios.create({
    baseURL: options.baseUrl,
    headers: { Authorization: `Bearer ${options.apiKey}`, Accept: 'application/json' },
    // The key must not follow a redirect to wherever it leads.
    maxRedirects: 0,
    maxContentLength: 64 * 1024 * 1024,
    maxBodyLength: Number.POSITIVE_INFINITY,
    responseType: 'text',
    // Bodies are read as text and parsed by us: axios would swallow what is malformed.
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    withCredentials: false,
    ...(options.adapter ? { adapter: options.adapter } : {}),
    ...(options.agents ?? {}),
  });
}

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

interface Session {
  readonly options: HttpOptions;
  readonly instance: AxiosInstance;
  skew: ClockSkew | undefined;
}

/** Learns from the headers of a reply, and gives the time until which the server wants no more. */
function learn(session: Session, request: ApiRequest, response: AxiosResponse, sentAt: number) {
  const { options } = session;
  const receivedAt = options.now();
  session.skew = narrowSkew(session.skew, response.headers.date, sentAt, receivedAt);
  const rate = parseRateHeaders(response.headers, receivedAt, cautiousSkewMs(session.skew));
  const isLimited = response.status === 429;
  const named = isLimited ? (rate.retryAfterAt ?? rate.resetAt) : rate.retryAfterAt;
  const isQuota = isLimited && !(rate.remaining !== undefined && rate.remaining > 0);
  options.budget.observe({
    endpoint: request.endpoint,
    sentAt,
    receivedAt,
    status: response.status,
    ...rate,
    ...(isQuota && named !== undefined && !saysConcurrency(response) ? { retryAt: named } : {}),
  });
  return { retryAt: named, remaining: rate.remaining };
}

const saysConcurrency = (response: AxiosResponse): boolean => /concurren/i.test(String(response.data));

/** Follows a redirect of a GET within the API's origin; anything else would carry the key, or a body, where it does not belong. */
function redirectTarget(
  session: Session,
  request: ApiRequest,
  response: AxiosResponse,
  hops: number,
): string | undefined {
  const location: unknown = response.headers.location;
  if (request.method !== 'GET' || hops >= MAX_REDIRECTS || typeof location !== 'string') return undefined;
  const base = new URL(session.options.baseUrl);
  const target = URL.canParse(location, base) ? new URL(location, base) : undefined;
  return target?.origin === base.origin ? target.href : undefined;
}

function redirectFailure(request: ApiRequest, status: number): Failure {
  return {
    kind: 'rejected',
    message: `${request.method} ${request.path} answered ${status}, a redirect that is not followed: the key goes to the API's origin and nowhere else`,
    advice: 'Check the base URL.',
    delivery: 'refused',
    method: request.method,
    path: request.path,
    status,
  };
}

async function exchange(
  session: Session,
  request: ApiRequest,
  url: string,
): Promise<{ response: AxiosResponse; sentAt: number }> {
  const { options, instance } = session;
  const sentAt = options.now();
  options.budget.onSend?.(request.endpoint, sentAt);
  const isJson = request.body !== undefined && request.headers === undefined;
  try {
    const response = await instance.request({
      url,
      method: request.method,
      signal: request.signal,
      timeout: request.timeoutMs ?? options.requestTimeoutMs,
      ...(request.body === undefined ? {} : { data: isJson ? JSON.stringify(request.body) : request.body }),
      ...(isJson ? { headers: { 'Content-Type': 'application/json' } } : {}),
      ...(request.headers ? { headers: request.headers } : {}),
    });
    return { response, sentAt };
  } catch (error) {
    options.budget.onLost?.(request.endpoint, options.now());
    const { method, path, signal } = request;
    throw errorFromFailure(
      failureFromTransport({ method, path, error, isAborted: signal.aborted, secrets: [options.apiKey] }),
    );
  }
}

function logExchange(options: HttpOptions, request: ApiRequest, status: number, sentAt: number): void {
  options.logger?.debug(
    { method: request.method, path: request.path, status, ms: options.now() - sentAt },
    'reply',
  );
}

/** The one way to the API. */
export function createSendRequest(options: HttpOptions): SendRequest {
  const session: Session = { options, instance: createApiInstance(options), skew: undefined };
  return async function send(request, url = request.path, hops = 0): Promise<string> {
    refuseUnderLimit(options, request);
    const { response, sentAt } = await exchange(session, request, url);
    const { retryAt, remaining } = learn(session, request, response, sentAt);
    const { status } = response;
    logExchange(options, request, status, sentAt);
    const body = typeof response.data === 'string' ? response.data : '';
    if (status >= 200 && status < 300) return body;
    if (status >= 300 && status < 400) {
      const target = redirectTarget(session, request, response, hops);
      if (target === undefined) throw errorFromFailure(redirectFailure(request, status));
      return (send as (request: ApiRequest, url: string, hops: number) => Promise<string>)(
        request,
        target,
        hops + 1,
      );
    }
    throw errorFromFailure(
      failureFromResponse({
        method: request.method,
        path: request.path,
        status,
        body: parseBody(body),
        secrets: [options.apiKey],
        ...(retryAt === undefined ? {} : { retryAt }),
        ...(remaining === undefined ? {} : { remaining }),
      }),
    );
  };
}
