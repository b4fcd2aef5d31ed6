import { defined } from '../defined.js';
import type { Failure } from '../failure.js';
import { type HeaderMap, parseRateHeaders, type RateReading } from '../limits/rate-headers.js';
import { itemVersionIn } from '../wire/item-version.js';
import type { ApiRequest } from './api-request.js';
import { unharmed } from './unharmed.js';

/** The report of an exchange. It never contains a body, a query or a key. */
export interface RequestReport {
  readonly to: 'api' | 'storage';
  readonly method: string;
  /** Without origin and query. */
  readonly path: string;
  /** Absent if no reply came. */
  readonly status?: number;
  /** From sending to the last byte of the reply, or to the head of a result, in ms. */
  readonly ms: number;
  /** The host's name for the calling job. */
  readonly jobId?: string;
  readonly jobSpecId?: string;
  /** State of the job when it made the call. */
  readonly state?: string;
  /** 1 for the first attempt of this call. */
  readonly attempt: number;
  /** Item version in the request, if it carries one. */
  readonly itemVersionSent?: number;
  /** Item version in the reply. */
  readonly itemVersionGot?: number;
  /** Remaining limit according to the reply's headers; times are epoch ms. */
  readonly limit?: RateReading;
  /** The reason if no reply came. */
  readonly failure?: Pick<Failure, 'kind' | 'message'>;
}

export type OnRequest = (report: RequestReport) => void;

/** Times of one request, in ms of a monotonic clock. A class, because axios copies plain objects. */
export class RequestMarks {
  /** The connection was ready and the request started to leave. */
  sentAt?: number;
  /** The head of the reply arrived. */
  answeredAt?: number;
}

/** One exchange as shown in a trace, already redacted. */
export interface TracedExchange extends RequestReport {
  readonly url: string;
  /** Epoch ms of the wall clock. */
  readonly startedAt: number;
  /**
   * In ms: until the request left, until the head of the reply arrived, until its last byte. Absent if the transport does not
   * report it.
   */
  readonly phases?: { readonly queued: number; readonly waiting: number; readonly receiving: number };
  readonly requestHeaders: HeaderMap;
  readonly requestText?: string;
  readonly responseHeaders?: HeaderMap;
  readonly responseText?: string;
}

export type OnExchange = (exchange: TracedExchange) => void;

/** Combines two listeners into one; undefined if both are absent. */
export function bothListeners(one?: OnExchange, other?: OnExchange): OnExchange | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (exchange) => {
    unharmed(() => one(exchange), undefined);
    other(exchange);
  };
}

/** Where to write a trace, and what to include. A plain path leaves out slot values. */
export type TraceSettings = string | TraceOptions;

export interface TraceOptions {
  readonly file: string;
  /** True keeps slot values in the bodies. Default: they are left out. */
  readonly values?: boolean | undefined;
  /** Version of the program that writes the trace. */
  readonly version?: string | undefined;
}

export const reportOf = ({
  url: _url,
  startedAt: _startedAt,
  phases: _phases,
  requestHeaders: _requestHeaders,
  requestText: _requestText,
  responseHeaders: _responseHeaders,
  responseText: _responseText,
  ...report
}: TracedExchange): RequestReport => report;

/** Combines both listeners into one; undefined if there is none. The caller guards against listeners that throw. */
export function exchangeListener(onRequest?: OnRequest, onExchange?: OnExchange): OnExchange | undefined {
  if (onRequest === undefined) return onExchange;
  return (exchange) => {
    unharmed(() => onExchange?.(exchange), undefined);
    onRequest(reportOf(exchange));
  };
}

const fieldOf = (fields: object | undefined, name: string): unknown =>
  fields === undefined ? undefined : Reflect.get(fields, name);

/** The fields of an exchange about its job. */
export function exchangeOfJob({ jobId, jobFields }: Pick<ApiRequest, 'jobId' | 'jobFields'>) {
  const fields = jobFields?.();
  const [jobSpecId, state, attempt] = ['jobSpecId', 'state', 'attempt'].map((name) => fieldOf(fields, name));
  return {
    ...defined({ jobId }),
    ...(typeof jobSpecId === 'string' ? { jobSpecId } : {}),
    ...(typeof state === 'string' ? { state } : {}),
    attempt: typeof attempt === 'number' ? attempt : 1,
  };
}

/** The duration of each phase, if the transport reported its times. */
export function phasesOf({ sentAt, answeredAt }: RequestMarks, startedAt: number, endedAt: number) {
  if (sentAt === undefined || answeredAt === undefined) return {};
  const queued = Math.max(0, sentAt - startedAt);
  const waiting = Math.max(0, answeredAt - sentAt);
  return { phases: { queued, waiting, receiving: Math.max(0, endedAt - answeredAt) } };
}

/** The item versions in a request and its reply. */
export const versionsOf = (requestText: string | undefined, responseText: string | undefined) =>
  defined({ itemVersionSent: itemVersionIn(requestText), itemVersionGot: itemVersionIn(responseText) });

/** The remaining limit; absent if the reply does not state it. */
export function limitOf(headers: HeaderMap, now: number, skewMs: number): { readonly limit?: RateReading } {
  const limit = parseRateHeaders(headers, now, skewMs);
  return Object.keys(limit).length === 0 ? {} : { limit };
}
