import type { AxiosResponse } from 'axios';
import { TransportError, TUNNEL_LOST } from '../../../services/errors/transport-error.js';

const textOf = (error: unknown, name: 'code' | 'message' | 'name'): string => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** undici reports a proxy's answer to CONNECT only in this message. */
const PROXY_ANSWER = /^Proxy response \((\d{3})\)/;

/** The equivalent codes of Node's own client, which hosts know. */
const NODE_CODES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
  UND_ERR_INVALID_ARG: 'ERR_INVALID_ARG_VALUE',
};

/** Codes by which undici refuses what a server sent; of a status below 100, and of a 101 without Upgrade, only an assertion fails. */
const REFUSED_REPLY = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ERR_ASSERTION']);
/** What undici calls an interim reply that it does not accept. */
const UNEXPECTED = /^bad (response|upgrade)$/;

const isRefusedReply = (code: string, message: string): boolean =>
  REFUSED_REPLY.has(code) || (code === 'UND_ERR_SOCKET' && UNEXPECTED.test(message));

export interface RequestState {
  /** Whether a byte of the request may have been sent. */
  isSent: boolean;
  /** The head of the reply, once it has arrived. */
  reply?: AxiosResponse;
}

/** Converts an error of undici; `response` is the head of an interrupted reply. */
export function undiciError(
  error: unknown,
  { isSent }: RequestState,
  response?: AxiosResponse,
): TransportError {
  if (error instanceof TransportError) return error;
  // OpenSSL's messages end with a line break.
  const [code, message] = [textOf(error, 'code'), textOf(error, 'message').replace(/\s+/g, ' ').trim()];
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
  if (isRefusedReply(code, message))
    return new TransportError('its head is not valid HTTP', { code: 'ERR_BAD_RESPONSE', isSent });
  const isOfUndici = code.startsWith('UND_ERR_');
  const known = NODE_CODES[code] ?? (isOfUndici || code === '' ? 'ERR_NETWORK' : code);
  const words = code === 'UND_ERR_SOCKET' ? `socket hang up (${message})` : message || code;
  // A cause would override the code, so undici's own errors are not passed on as a cause.
  return new TransportError(words, { code: known, isSent, ...(isOfUndici ? {} : { cause: error }) });
}

/** The system calls before a connection stands. */
const isUnreached = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (['connect', 'getaddrinfo'].includes(String(Reflect.get(error, 'syscall'))) ||
    Reflect.get(error, 'code') === 'UND_ERR_CONNECT_TIMEOUT');

/** The error if no tunnel was opened, and the proxy did not say why: the server received nothing, whatever the proxy sent. */
export function tunnelLost(error: unknown): TransportError {
  const { message } = undiciError(error, { isSent: false });
  const what = isUnreached(error) ? 'it cannot be reached' : 'it gave no answer to CONNECT';
  return new TransportError(`${what}: ${message}`, { code: TUNNEL_LOST, isSent: false });
}

/** The error for a body that ended early, however undici noticed it: reported as a lost connection. */
export const bodyBroken = (error: unknown): TransportError =>
  error instanceof TransportError
    ? error
    : new TransportError(`the connection was lost: ${textOf(error, 'message')}`, {
        code: 'ECONNRESET',
        isSent: true,
      });

/** The error for a connection that no request awaits; no request gets it. */
export const notNeeded = (): TransportError =>
  new TransportError('no request awaits a connection', { code: 'ERR_CANCELED', isSent: false });

export const proxyRefused = (status: number): TransportError =>
  new TransportError(`the proxy answered ${status}`, {
    code: 'ERR_PROXY_REFUSED',
    isSent: false,
    proxyStatus: status,
  });
