import axios, { type InternalAxiosRequestConfig } from 'axios';
import { TransportError } from '../../../services/errors/transport-error.js';
import { RequestMarks } from '../../../services/http/exchange.js';
import { ACCEPTED_ENCODINGS } from './decode-body.js';
import type { RequestState } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** What axios's own transport sends where nothing else was said. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['user-agent', `axios/${axios.VERSION}`],
  ['accept-encoding', ACCEPTED_ENCODINGS],
]);

/** The headers of a request; `more` are what its way needs. */
export function headersOf(
  { headers }: Config,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Map(DEFAULTS);
  for (const [name, value] of Object.entries(headers.toJSON(true))) {
    if (value !== null && value !== undefined) own.set(name.toLowerCase(), String(value));
  }
  for (const [name, value] of Object.entries(more)) own.set(name, value);
  return Object.fromEntries(own);
}

/** axios joins URLs at the price of merging options, which most requests need not pay. */
export const urlOf = (config: Config): URL =>
  new URL(config.baseURL || config.params ? axios.getUri(config) : (config.url ?? ''));

/** A request that is aborted before a byte left was not sent, and says so; its connection, once open, is not used. */
export const letGo = ({ signal }: Config, { isSent }: RequestState): Error =>
  new TransportError('the request was aborted', {
    code: 'ERR_CANCELED',
    isSent,
    cause: signal !== undefined && 'reason' in signal ? signal.reason : undefined,
  });

/** Where somebody wants to know when the request left and when its reply came. */
export const marksOf = (config: Config): RequestMarks | undefined =>
  'marks' in config && config.marks instanceof RequestMarks ? config.marks : undefined;
