import axios, {
  type AxiosAdapter,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { defined } from '../defined.js';
import {
  foreignSuccessError,
  type HeardReply,
  redirectRefusal,
  refusalOf,
} from '../errors/classify-reply.js';
import { errorFromFailure } from '../errors/error-from-failure.js';
import { errorWords } from '../errors/error-words.js';
import { failureFromTransport, ownError } from '../errors/failure-from-transport.js';
import { type GoalLaneError, isGoalLaneError } from '../errors/goal-lane-error.js';
import { isUnsent } from '../errors/transport-error.js';
import type { Failure } from '../failure.js';
import type { RateBudget } from '../limits/rate-budget.js';
import { createRateLearner, type RateLearner } from '../limits/rate-learning.js';
import type { Logger } from '../logger.js';
import type { Redactor } from '../redaction/redactor.js';
import type { ApiRequest, SendRequest } from './api-request.js';
import type { OnExchange, RequestMarks } from './exchange.js';
import { isLoopback } from './is-loopback.js';
import { isRedirect, redirectTarget } from './redirects.js';
import { refuseUnderLimit } from './refuse-under-limit.js';
import { bodyOf } from './request-body.js';
import { logLoss, logReply } from './request-log.js';
import type { Transport } from './transport.js';
import { unharmed } from './unharmed.js';
import { type ExchangeWatch, type WatchedRequest, watchExchange } from './watch-exchange.js';
import { createWatchdog } from './watchdog.js';

export interface HttpOptions {
  readonly apiKey: string;
  /** Knows the key. */
  readonly redactor: Redactor;
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
  /** What the platform's adapter sends by; axios's own otherwise. `adapter` goes before it. */
  readonly transport?: Transport;
  /** Hears of each exchange, without its secrets. */
  readonly onExchange?: OnExchange | undefined;
}

interface Sender {
  readonly options: HttpOptions;
  readonly instance: AxiosInstance;
  readonly learner: RateLearner;
}

/** How every request is made, whoever sends it. */
const SETTINGS = {
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
} as const satisfies Partial<InternalAxiosRequestConfig>;

const headersOf = ({ apiKey }: HttpOptions) => ({
  Authorization: `Bearer ${apiKey}`,
  Accept: 'application/json',
});

const createApiInstance = (options: HttpOptions): AxiosInstance =>
  axios.create({
    ...SETTINGS,
    headers: headersOf(options),
    ...(options.adapter ? { adapter: options.adapter } : {}),
  });

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

/** By the platform's transport, past axios's merging of options, which would cost more than the sending. */
function sendDirectly(
  { adapter, fresh = adapter }: Transport,
  options: HttpOptions,
  request: ApiRequest,
  settings: Pick<InternalAxiosRequestConfig, 'url' | 'signal'> & { readonly marks?: RequestMarks },
): Promise<AxiosResponse> {
  const { headers, ...body } = bodyOf(request);
  return (request.isOnce ? fresh : adapter)({
    ...SETTINGS,
    ...settings,
    method: request.method,
    headers: new AxiosHeaders({ ...headersOf(options), ...headers }),
    ...body,
  });
}

async function transmit(
  { options, instance }: Sender,
  request: ApiRequest,
  url: string,
  signal: AbortSignal | undefined,
  watch: ExchangeWatch | undefined,
): Promise<AxiosResponse> {
  const { adapter, transport } = options;
  const settings = signal === undefined ? { url } : { url, signal };
  if (adapter === undefined && transport !== undefined)
    return sendDirectly(transport, options, request, { ...settings, ...defined({ marks: watch?.marks }) });
  // A transport of the host's own keeps time by its own clock; ours has the watchdog.
  const timeout = adapter === undefined ? 0 : options.requestTimeoutMs;
  const config = { ...settings, method: request.method, timeout, ...bodyOf(request) };
  // axios asks the environment for a proxy: it would get the key, in clear, of what never leaves this machine.
  return instance.request(isLoopback(new URL(url).hostname) ? { ...config, proxy: false } : config);
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

/** What ended a request that had not left yet. */
function unsent(own: GoalLaneError): Error {
  const failure = own.toJSON();
  return errorFromFailure({
    ...failure,
    message: `${failure.message}: nothing was sent`,
    delivery: 'not-sent',
  });
}

/** One request and its reply, within its time; a failure names method and path and never shows the key. */
async function exchange(
  sender: Sender,
  request: ApiRequest,
  url: string,
  watch: ExchangeWatch | undefined,
): Promise<AxiosResponse> {
  const { options } = sender;
  const { method, path } = request;
  const ms = request.isTransfer ? 0 : options.requestTimeoutMs;
  const watchdog = createWatchdog(request.signal, ms, () => errorFromFailure(timeoutFailure(request, ms)));
  try {
    const response = await transmit(sender, request, url, watchdog.signal, watch);
    if (request.isTransfer) unharmed(() => endUnsent(response.request), undefined);
    return response;
  } catch (error) {
    const refusal = unharmed(() => brokenRefusal(error), undefined);
    if (refusal !== undefined && !watchdog.signal.aborted) return refusal;
    unharmed(() => options.budget.onLost?.(request.endpoint, options.now()), undefined);
    const own = ownError(error, watchdog.signal);
    if (own !== undefined) throw isUnsent(error) ? unsent(own) : own;
    const isAborted = watchdog.signal.aborted;
    throw errorFromFailure(
      failureFromTransport({ method, path, error, isAborted, redactor: options.redactor }),
    );
  } finally {
    watchdog.stop();
  }
}

function refuseAborted({ method, path, signal }: ApiRequest): void {
  if (!signal?.aborted) return;
  const failure = failureFromTransport({ method, path, error: signal.reason, isAborted: true });
  throw errorFromFailure({ ...failure, delivery: 'not-sent' });
}

/** The time of sending. Whatever is thrown here, nothing has left. */
function mayLeave({ options }: Sender, request: ApiRequest): number {
  try {
    refuseAborted(request);
    refuseUnderLimit(options, request);
    const sentAt = options.now();
    options.budget.onSend?.(request.endpoint, sentAt);
    return sentAt;
  } catch (error) {
    if (isGoalLaneError(error)) throw error;
    const { method, path } = request;
    throw errorFromFailure({
      kind: 'internal',
      message: `${method} ${path} was not sent: ${errorWords(error, options.redactor.shown)}`,
      advice: 'A function of the host threw; mend it.',
      delivery: 'not-sent',
      method,
      path,
    });
  }
}

function heard(sender: Sender, request: ApiRequest, response: AxiosResponse, url: string): HeardReply {
  const { method, path } = request;
  const { data, status } = response;
  const { redactor, now } = sender.options;
  // A transport of the host's own may leave them out.
  const headers = response.headers ?? {};
  const said = typeof data === 'string' ? data : '';
  // Here, and nowhere later: what is cut off or taken apart before would not be known again for a secret.
  const text = status < 300 ? redactor.reply(said) : redactor.refusal(said);
  return { method, path, url, status, headers, text, receivedAt: now() };
}

/** What a listener is told of a request. */
function watched({ options }: Sender, request: ApiRequest, url: string): WatchedRequest {
  const { method, path, json } = request;
  const { data: _data, headers, ..._progress } = bodyOf(request);
  const text = json === undefined ? {} : { requestText: options.redactor.refusal(JSON.stringify(json)) };
  const requestHeaders = { ...headersOf(options), ...headers };
  return {
    to: 'api',
    method,
    path,
    url: options.redactor.kept(url),
    requestHeaders,
    about: request,
    ...text,
  };
}

/** The one way to the API. Rejects with the typed error of what went wrong. */
export function createSendRequest(options: HttpOptions): SendRequest {
  const learner = createRateLearner(options.budget, options);
  const sender: Sender = { options, instance: createApiInstance(options), learner };
  const send = async (request: ApiRequest, url: string, hops: number): Promise<string> => {
    const sentAt = mayLeave(sender, request);
    const watch = watchExchange(options, () => watched(sender, request, url));
    const response = await exchange(sender, request, url, watch).catch((error: unknown) => {
      logLoss(options, request, error, sentAt);
      watch?.loss(error);
      throw error;
    });
    const { status } = response;
    logReply(options, request, status, sentAt);
    const reply = heard(sender, request, response, url);
    watch?.reply(response, reply.text);
    const learn = (body: unknown) =>
      unharmed(() => learner.learn(request.endpoint, response, body, sentAt), {});
    if (status >= 400) throw refusalOf(reply, learn);
    learn(undefined);
    if (isRedirect(status)) {
      const target = redirectTarget(options.baseUrl, request, response, { url, hops });
      if (target === undefined) throw redirectRefusal(reply);
      return send(request, target, hops + 1);
    }
    const foreign = foreignSuccessError(reply);
    if (foreign !== undefined) throw foreign;
    return reply.text;
  };
  return (request) => send(request, `${options.baseUrl}${request.path}`, 0);
}
