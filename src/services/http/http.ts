import type { AxiosResponse } from 'axios';
import {
  foreignSuccessError,
  type ReceivedReply,
  redirectRefusal,
  refusalOf,
} from '../errors/classify-reply.js';
import { errorFromFailure } from '../errors/error-from-failure.js';
import { errorWords } from '../errors/error-words.js';
import { failureFromTransport, ownError, wasSent } from '../errors/failure-from-transport.js';
import { type GoalLaneError, isGoalLaneError } from '../errors/goal-lane-error.js';
import { brokenReplyOf, isUnsent, noReply, TransportError } from '../errors/transport-error.js';
import type { Failure } from '../failure.js';
import type { RateBudget } from '../limits/rate-budget.js';
import { createRateLearner, type RateLearner } from '../limits/rate-learning.js';
import type { Logger } from '../logger.js';
import type { Redactor } from '../redaction/redactor.js';
import { remembered } from '../remembered.js';
import type { ApiRequest, SendRequest } from './api-request.js';
import type { OnExchange } from './exchange.js';
import { isReply } from './is-reply.js';
import { isRedirect, redirectTarget } from './redirects.js';
import { refuseUnderLimit } from './refuse-under-limit.js';
import { bodyOf } from './request-body.js';
import { logLoss, logReply } from './request-log.js';
import { RequestWatch } from './request-watch.js';
import { SharedTimeouts } from './shared-timeouts.js';
import { createTransmit, headersOf, type Transmit } from './transmit.js';
import type { Sending } from './transport.js';
import { unharmed } from './unharmed.js';
import { type ExchangeWatch, type WatchedRequest, watchExchange } from './watch-exchange.js';

export interface HttpOptions extends Sending {
  readonly apiKey: string;
  /** Redacts the key. */
  readonly redactor: Redactor;
  /** Validated, without a trailing slash. */
  readonly baseUrl: string;
  readonly budget: RateBudget;
  readonly now: () => number;
  /** How far the wall clock was set since the clock of `now` started, in ms. */
  readonly wallOffset: () => number;
  /** In ms, from sending to the last byte of the reply. */
  readonly requestTimeoutMs: number;
  readonly logger?: Logger | undefined;
  /** Hears of each exchange, without its secrets. */
  readonly onExchange?: OnExchange | undefined;
}

interface Sender {
  readonly options: HttpOptions;
  readonly transmit: Transmit;
  readonly learner: RateLearner;
  readonly timeouts: SharedTimeouts<RequestWatch>;
  /** The redacted text of a success. */
  readonly cleaned: (request: ApiRequest, text: string) => string;
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

/** Whether the caller ended the request, and not one of our time limits, whose reason is an error of ours. */
const isCallersAbort = ({ aborted, reason }: RequestWatch): boolean => aborted && !isGoalLaneError(reason);

/** A refusal is still a refusal if its body was interrupted, or does not arrive in time. */
function brokenRefusal(error: unknown): AxiosResponse | undefined {
  const response = brokenReplyOf(error);
  if (response === undefined || response.status < 400) return undefined;
  return { ...response, data: '' };
}

/** The reply came before the whole body was sent: stop sending, or the connection stays open for nothing. */
function endUnsent(sent: unknown): void {
  if (typeof sent !== 'object' || sent === null || Reflect.get(sent, 'writableFinished') !== false) return;
  const destroy: unknown = Reflect.get(sent, 'destroy');
  if (typeof destroy === 'function') destroy.call(sent);
}

/** Our own error that ended a request, with what the transport knows of its delivery. */
function ended(own: GoalLaneError, error: unknown, { isTransfer }: ApiRequest): Error {
  const failure = own.toJSON();
  if (isUnsent(error))
    return errorFromFailure({
      ...failure,
      message: `${failure.message}: nothing was sent`,
      delivery: 'not-sent',
    });
  // Of the file that cannot be read this is right; of a request that was sent, it would have it sent again (law 1, never twice).
  const isDenied = isTransfer !== true && failure.delivery === 'not-sent' && wasSent(error);
  return isDenied ? errorFromFailure({ ...failure, delivery: 'unknown' }) : own;
}

/** The typed error of a request without a complete reply. */
function lostError(options: HttpOptions, watch: RequestWatch, error: unknown): Error {
  const { method, path, endpoint } = watch.request;
  unharmed(() => options.budget.onLost?.(endpoint, options.now()), undefined);
  const own = ownError(error, watch);
  if (own !== undefined) return ended(own, error, watch.request);
  const { aborted: isAborted } = watch;
  return errorFromFailure(
    failureFromTransport({ method, path, error, isAborted, redactor: options.redactor }),
  );
}

/** Sends one request and waits for its reply, within its time limit. A failure names method and path and never shows the key. */
async function exchange(
  sender: Sender,
  request: ApiRequest,
  url: string,
  listener: ExchangeWatch | undefined,
): Promise<AxiosResponse> {
  const { options, timeouts } = sender;
  const watch = new RequestWatch(request, listener?.marks);
  if (!request.isTransfer) timeouts.begin(watch);
  try {
    const response = await sender.transmit(watch, url);
    if (!isReply(response))
      throw noReply(options.adapter === undefined ? 'transport' : 'adapter', response, 'a response of axios');
    // A transport of the host's own may not have looked at the signal.
    if (options.adapter !== undefined && watch.aborted)
      throw new TransportError('the request was aborted', { code: 'ERR_CANCELED', isSent: true });
    if (request.isTransfer) unharmed(() => endUnsent(response.request), undefined);
    return response;
  } catch (error) {
    const refusal = unharmed(() => brokenRefusal(error), undefined);
    if (refusal !== undefined && !isCallersAbort(watch)) return refusal;
    throw lostError(options, watch, error);
  } finally {
    timeouts.end(watch);
    watch.stop();
  }
}

function refuseAborted({ method, path, signal }: ApiRequest): void {
  if (!signal?.aborted) return;
  const failure = failureFromTransport({ method, path, error: signal.reason, isAborted: true });
  throw errorFromFailure({ ...failure, delivery: 'not-sent' });
}

/** Checks whether the request may be sent, and returns the time of sending. If it throws, nothing was sent. */
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
      advice: 'A function of the host threw; fix it.',
      delivery: 'not-sent',
      method,
      path,
    });
  }
}

function received(sender: Sender, request: ApiRequest, response: AxiosResponse, url: string): ReceivedReply {
  const { method, path } = request;
  const { data, status } = response;
  const { redactor, now } = sender.options;
  // A host's transport may omit the headers.
  const headers = response.headers ?? {};
  const said = typeof data === 'string' ? data : '';
  // Redact here and not later: after cutting or parsing, a secret would not be recognised.
  const text = status < 300 ? sender.cleaned(request, said) : redactor.refusal(said);
  return { method, path, url, status, headers, text, receivedAt: now() };
}

/** What a listener learns about a request. */
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

function createSender(options: HttpOptions): Sender {
  const { budget, redactor, requestTimeoutMs: ms } = options;
  // Only status replies are remembered: other replies may contain secrets and are not kept.
  const status = remembered(redactor.reply);
  return {
    options,
    transmit: createTransmit(options),
    learner: createRateLearner(budget, options),
    timeouts: new SharedTimeouts(
      (watch) => watch.abort(errorFromFailure(timeoutFailure(watch.request, ms))),
      ms,
    ),
    cleaned: ({ endpoint }, text) => (endpoint === 'status' ? status(text) : redactor.reply(text)),
  };
}

/** The only way to send requests to the API. Rejects with a typed error. */
export function createSendRequest(options: HttpOptions): SendRequest {
  const sender = createSender(options);
  const send = async (request: ApiRequest, url: string, hops: number): Promise<string> => {
    const sentAt = mayLeave(sender, request);
    const watch = watchExchange(options, () => watched(sender, request, url));
    let response: AxiosResponse;
    try {
      response = await exchange(sender, request, url, watch);
    } catch (error) {
      logLoss(options, request, error, sentAt);
      watch?.loss(error);
      throw error;
    }
    const { status } = response;
    logReply(options, request, status, sentAt);
    const reply = received(sender, request, response, url);
    watch?.reply(response, reply.text);
    const learn = (body: unknown) =>
      unharmed(() => sender.learner.learn(request.endpoint, response, body, sentAt), {});
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
