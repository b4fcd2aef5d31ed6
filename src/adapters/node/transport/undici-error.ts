import type { AxiosResponse } from 'axios';
import { TransportError } from '../../../services/errors/transport-error.js';

const textOf = (error: unknown, name: 'code' | 'message' | 'name'): string => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** undici tells what a proxy answered to CONNECT in these words only. */
const PROXY_ANSWER = /^Proxy response \((\d{3})\)/;

/** The codes of Node's own client, which mean the same and which hosts know. */
const NODE_CODES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
  UND_ERR_INVALID_ARG: 'ERR_INVALID_ARG_VALUE',
};

export interface RequestState {
  /** May a byte of the request have left? */
  isSent: boolean;
}

/** A request that undici gave up, as the error that is told; `response` is the head of a reply that broke off. */
export function undiciError(
  error: unknown,
  { isSent }: RequestState,
  response?: AxiosResponse,
): TransportError {
  if (error instanceof TransportError) return error;
  const [code, message] = [textOf(error, 'code'), textOf(error, 'message')];
  const proxyStatus = PROXY_ANSWER.exec(message)?.[1];
  if (proxyStatus !== undefined) {
    const refused = { code: 'ERR_PROXY_REFUSED', isSent: false, proxyStatus: Number(proxyStatus) };
    return new TransportError(message, refused);
  }
  if (response !== undefined) {
    const words = `the reply broke off: ${message || code}`;
    return new TransportError(words, { code: 'ERR_BAD_RESPONSE', isSent, response });
  }
  if (textOf(error, 'name') === 'HTTPParserError')
    return new TransportError(message, { code: code || 'ERR_BAD_RESPONSE', isSent });
  const isOfUndici = code.startsWith('UND_ERR_');
  const known = NODE_CODES[code] ?? (isOfUndici || code === '' ? 'ERR_NETWORK' : code);
  const words = code === 'UND_ERR_SOCKET' ? `socket hang up (${message})` : message || code;
  // A cause has the last word on the code, so that undici's own are not passed on as one.
  return new TransportError(words, { code: known, isSent, ...(isOfUndici ? {} : { cause: error }) });
}

/** A body that ended before its end, however undici noticed: who reads it hears of a connection that was lost. */
export const bodyBroken = (error: unknown): TransportError =>
  error instanceof TransportError
    ? error
    : new TransportError(`the connection was lost: ${textOf(error, 'message')}`, {
        code: 'ECONNRESET',
        isSent: true,
      });

export const proxyRefused = (status: number): TransportError =>
  new TransportError(`the proxy answered ${status}`, {
    code: 'ERR_PROXY_REFUSED',
    isSent: false,
    proxyStatus: status,
  });
