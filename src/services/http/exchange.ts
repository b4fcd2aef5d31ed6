import { defined } from '../defined.js';
import type { Failure } from '../failure.js';
import { type HeaderMap, parseRateHeaders, type RateReading } from '../limits/rate-headers.js';
import { itemVersionIn } from '../wire/item-version.js';
import type { ApiRequest } from './api-request.js';

/** What is told of each exchange: never a body, a query or a key. */
export interface RequestReport {
  readonly to: 'api' | 'storage';
  readonly method: string;
  /** Without origin and query. */
  readonly path: string;
  /** Absent where no reply came. */
  readonly status?: number;
  /** From sending to the last byte of the reply, or to the head of a result, in ms. */
  readonly ms: number;
  /** The host's name for the job that called. */
  readonly jobId?: string;
  readonly jobSpecId?: string;
  /** Where the job stood when it called. */
  readonly state?: string;
  /** 1 for the first time that this call is made. */
  readonly attempt: number;
  /** What the request said it knew, where it says so. */
  readonly itemVersionSent?: number;
  /** What the reply said. */
  readonly itemVersionGot?: number;
  /** What the reply's headers say is left of the limit; times are epoch ms. */
  readonly limit?: RateReading;
  /** Where no reply came: why. */
  readonly failure?: Pick<Failure, 'kind' | 'message'>;
}

export type OnRequest = (report: RequestReport) => void;

/** Moments of one request, in ms of a clock that only goes forward. A class, for axios copies what is a plain object. */
export class RequestMarks {
  /** A connection was there and the request began to leave. */
  sentAt?: number;
  /** The head of the reply was there. */
  answeredAt?: number;
}

/** One exchange with all that a trace shows. Without secrets: those were taken out before. */
export interface TracedExchange extends RequestReport {
  readonly url: string;
  /** Epoch ms of the wall clock. */
  readonly startedAt: number;
  /** In ms: until the request left, until the head of the reply came, until its last byte. Absent where the transport does not tell. */
  readonly phases?: { readonly queued: number; readonly waiting: number; readonly receiving: number };
  readonly requestHeaders: HeaderMap;
  readonly requestText?: string;
  readonly responseHeaders?: HeaderMap;
  readonly responseText?: string;
}

export type OnExchange = (exchange: TracedExchange) => void;

/** Where a trace is written, and what it shows; a path alone leaves slot values out. */
export type TraceSettings = string | TraceOptions;

export interface TraceOptions {
  readonly file: string;
  /** Slot values stay in the bodies. Default: they are left out. */
  readonly values?: boolean;
  /** Of the program that writes it. */
  readonly version?: string;
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

/** One listener for both ways of hearing of exchanges; undefined where nobody listens. A listener that throws disturbs nothing: the caller sees to that. */
export function exchangeListener(onRequest?: OnRequest, onExchange?: OnExchange): OnExchange | undefined {
  if (onRequest === undefined) return onExchange;
  return (exchange) => {
    onExchange?.(exchange);
    onRequest(reportOf(exchange));
  };
}

const fieldOf = (fields: object | undefined, name: string): unknown =>
  fields === undefined ? undefined : Reflect.get(fields, name);

/** What an exchange says of the job that it is for. */
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

/** The time that each phase took, where the transport told its moments. */
export function phasesOf({ sentAt, answeredAt }: RequestMarks, startedAt: number, endedAt: number) {
  if (sentAt === undefined || answeredAt === undefined) return {};
  const queued = Math.max(0, sentAt - startedAt);
  const waiting = Math.max(0, answeredAt - sentAt);
  return { phases: { queued, waiting, receiving: Math.max(0, endedAt - answeredAt) } };
}

/** What a request and its reply say of the item version. */
export const versionsOf = (requestText: string | undefined, responseText: string | undefined) =>
  defined({ itemVersionSent: itemVersionIn(requestText), itemVersionGot: itemVersionIn(responseText) });

/** What is left of the limit; absent where the reply does not say. */
export function limitOf(headers: HeaderMap, now: number, skewMs: number): { readonly limit?: RateReading } {
  const limit = parseRateHeaders(headers, now, skewMs);
  return Object.keys(limit).length === 0 ? {} : { limit };
}
