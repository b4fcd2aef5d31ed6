import type { InternalAxiosRequestConfig } from 'axios';
import { TransportError } from '../../../services/errors/transport-error.js';
import { RequestMarks } from '../../../services/http/exchange.js';
import { ACCEPTED_ENCODINGS } from './decode-body.js';
import type { RequestState } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** Headers sent unless the request has its own. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['user-agent', 'goal-lane'],
  ['accept-encoding', ACCEPTED_ENCODINGS],
]);

/** The headers of a request; `more` are those for its route. */
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

/** The client gives whole URLs; an axios instance of the host's own may give one below its base. */
export function urlOf({ url = '', baseURL }: Config): URL {
  if (baseURL === undefined || baseURL === '' || URL.canParse(url)) return new URL(url);
  return new URL(`${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`);
}

/**
 * A request aborted before a byte was sent is reported as not sent; its connection, once open, is not used. If the head of its
 * reply had arrived, the error carries it.
 */
export const letGo = ({ signal }: Config, { isSent, reply }: RequestState): Error =>
  new TransportError('the request was aborted', {
    code: 'ERR_CANCELED',
    isSent,
    response: reply,
    cause: signal !== undefined && 'reason' in signal ? signal.reason : undefined,
  });

/** The times to record, if there is a listener. */
export const marksOf = (config: Config): RequestMarks | undefined =>
  'marks' in config && config.marks instanceof RequestMarks ? config.marks : undefined;
