import type { AxiosResponse } from 'axios';
import { errorWords } from '../errors/error-words.js';
import { isGoalLaneError } from '../errors/goal-lane-error.js';
import type { HeaderMap } from '../limits/rate-headers.js';
import type { Redactor } from '../redaction/redactor.js';
import { cautiousSkewMs, narrowSkew } from '../time/clock-skew.js';
import type { ApiRequest } from './api-request.js';
import {
  exchangeOfJob,
  limitOf,
  type OnExchange,
  phasesOf,
  RequestMarks,
  type TracedExchange,
  versionsOf,
} from './exchange.js';
import { unharmed } from './unharmed.js';

export interface WatchOptions {
  readonly onExchange?: OnExchange | undefined;
  readonly now: () => number;
  readonly wallOffset: () => number;
  readonly redactor: Redactor;
}

/** What is known of a request before its reply. */
export interface WatchedRequest
  extends Pick<TracedExchange, 'to' | 'method' | 'path' | 'url' | 'requestHeaders' | 'requestText'> {
  readonly about: Pick<ApiRequest, 'jobId' | 'jobFields'>;
}

/** Observes one request for its listeners. */
export interface ExchangeWatch {
  readonly marks: RequestMarks;
  /** `text`: absent if the body is not text, or has not arrived yet. */
  reply(response: Pick<AxiosResponse, 'status' | 'headers'>, text?: string): void;
  loss(error: unknown): void;
}

const SECRET_HEADERS = /^(proxy-)?authorization$|cookie|token|secret|api-?key/i;

/** Headers as they may be shown, with secrets redacted. */
export function shownHeaders(headers: HeaderMap, { shown }: Redactor): HeaderMap {
  const entries = Object.entries({ ...headers }).map(([name, value]) => {
    if (SECRET_HEADERS.test(name)) return [name, '[redacted]'];
    return [name, shown(Array.isArray(value) ? value.join(', ') : String(value))];
  });
  return Object.fromEntries(entries);
}

/** Undefined without a listener, so that requests cost nothing extra. Errors of a listener are ignored. */
export function watchExchange(
  { onExchange, now, wallOffset, redactor }: WatchOptions,
  request: () => WatchedRequest,
): ExchangeWatch | undefined {
  if (onExchange === undefined) return undefined;
  const [sentAt, started, marks] = [now(), performance.now(), new RequestMarks()];
  const report = (more: () => Partial<TracedExchange>): void =>
    unharmed(() => {
      const ended = performance.now();
      const { about, ...known } = request();
      const requestHeaders = shownHeaders(known.requestHeaders, redactor);
      const times = { startedAt: sentAt + wallOffset(), ms: Math.round(ended - started) };
      const phases = phasesOf(marks, started, ended);
      onExchange({ ...known, requestHeaders, ...exchangeOfJob(about), ...times, ...phases, ...more() });
    }, undefined);
  return {
    marks,
    reply: ({ status, headers }, text) =>
      report(() => {
        const receivedAt = now();
        const skewMs = cautiousSkewMs(narrowSkew(undefined, headers?.date, sentAt, receivedAt), wallOffset());
        return {
          status,
          responseHeaders: shownHeaders({ ...headers }, redactor),
          ...(text === undefined ? {} : { responseText: redactor.refusal(text) }),
          ...versionsOf(request().requestText, text),
          ...limitOf({ ...headers }, receivedAt, skewMs),
        };
      }),
    loss: (error) =>
      report(() => {
        const failure = isGoalLaneError(error) ? error.toJSON() : undefined;
        const message = failure?.message ?? errorWords(error, redactor.shown);
        return {
          failure: { kind: failure?.kind ?? 'network', message },
          ...versionsOf(request().requestText, undefined),
        };
      }),
  };
}
