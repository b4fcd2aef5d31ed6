import { defined } from '../defined.js';
import type { Failure } from '../failure.js';
import type { Redactor } from '../redaction/redactor.js';
import { cureFor } from '../speakers/speaker-of.js';
import { errorField, errorText, errorWords } from './error-words.js';
import { type GoalLaneError, isGoalLaneError } from './goal-lane-error.js';
import {
  cureOf,
  faultyOf,
  isKnownSent,
  isOfReply,
  isUnsent,
  proxyStatusOf,
  TUNNEL_LOST,
} from './transport-error.js';

/** Errors before a connection was established: the server certainly received nothing. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
  // Bun.
  'ConnectionRefused',
  'FailedToOpenSocket',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The certificate was refused, so the handshake did not complete: the server certainly received nothing. */
const REFUSED_CERTIFICATE = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Longest chain of causes that is followed. */
const LONGEST_CHAIN = 32;

/** The error and its causes. */
function chain(error: unknown): unknown[] {
  const seen = new Set<unknown>();
  let next = error;
  while (next !== undefined && next !== null && !seen.has(next) && seen.size < LONGEST_CHAIN) {
    seen.add(next);
    next = errorField(next, 'cause');
  }
  return [...seen];
}

/** The code of the innermost error that has one. */
export const errorCode = (error: unknown): string | undefined =>
  chain(error)
    .map((link) => errorText(link, 'code'))
    .findLast((code) => code !== undefined);

/** The system calls of a connection attempt. */
const isConnecting = (link: unknown): boolean => {
  const syscall = errorField(link, 'syscall');
  return syscall === 'connect' || syscall === 'getaddrinfo';
};

/** System calls on an established connection: if its route is lost, data may have been sent before. */
const isTransferring = (link: unknown): boolean => {
  const syscall = errorText(link, 'syscall');
  return syscall !== undefined && !isConnecting(link);
};

/** Deno names the step only in the message. */
const isConnectStep = (link: unknown): boolean =>
  /client error \(Connect\)/.test(errorText(link, 'message') ?? '');

const isNeverConnected = (link: unknown): boolean =>
  isConnecting(link) ||
  isConnectStep(link) ||
  (NOT_SENT.has(errorText(link, 'code') ?? '') && !isTransferring(link));

/** An AggregateError of one attempt per address: each of them must have failed to connect. */
function isSummedUp(link: unknown): boolean {
  const errors = errorField(link, 'errors');
  return Array.isArray(errors) && errors.length > 0 && errors.slice(0, LONGEST_CHAIN).every(isNeverConnected);
}

const isFailedConnect = (links: readonly unknown[]): boolean =>
  !links.some(isTransferring) && links.some((link) => isNeverConnected(link) || isSummedUp(link));

/** Node's message, with the code of an ordinary reset, for a connection that ended during its TLS handshake. */
const isFailedHandshake = (words: string): boolean =>
  words.includes('before secure TLS connection was established');

/** OpenSSL's words for a reply in plain text to the beginning of a handshake. */
const SPEAKS_NO_TLS = /SSL routines:.{0,80}(wrong version number|packet length too long|unknown protocol)/is;
const NO_TLS =
  'Check whether the base URL begins with https or http, the proxy, and the network (is there a login page?).';

/** What common transports say if a proxy refuses to open a tunnel: nothing was sent through it. */
const REFUSED_TUNNEL =
  /proxy response \(?(\d{3})?\)?.{0,40}tunnel|tunneling socket could not be established|failed to establish tunnel|ERR_PROXY_TUNNEL|proxy connection ended before receiving CONNECT response/i;

/** A status in such words: the numbers of an address, a port or a host name are none. */
const STATUS_IN_WORDS = /(?<![\w.:-])([1-5]\d\d)(?!\w|[.:]\d)/;

function refusedTunnel(links: readonly unknown[]): { readonly status?: number } | undefined {
  for (const link of links) {
    const answered = proxyStatusOf(link);
    if (answered !== undefined) return { status: answered };
    // Its words may contain an address, whose numbers are no status.
    if (errorText(link, 'code') === TUNNEL_LOST) return {};
    const words = `${errorText(link, 'code') ?? ''} ${errorWords(link)}`;
    if (!REFUSED_TUNNEL.test(words)) continue;
    const status = STATUS_IN_WORDS.exec(words)?.[1];
    return status === undefined ? {} : { status: Number(status) };
  }
  return undefined;
}

/** Our own error that was thrown inside the transport, by a body or a watchdog. */
export const ownError = (
  error: unknown,
  signal: Pick<AbortSignal, 'reason'> | undefined,
): GoalLaneError | undefined => [signal?.reason, ...chain(error)].find(isGoalLaneError);

export interface LostRequest {
  readonly method: string;
  readonly path: string;
  readonly error: unknown;
  readonly isAborted: boolean;
  /** True if its reply had begun, so that it was sent, whatever the error says. */
  readonly isAnswered?: boolean;
  /** Default: redacts the secrets of URLs; knows no key. */
  readonly redactor?: Redactor;
}

/** Codes of parsers and decoders, and those by which Node's fetch refuses a head. */
const GARBLED = /^(ERR_BAD_RESPONSE$|HPE_|Z_|UND_ERR_(HEADERS_OVERFLOW|RES_CONTENT_LENGTH))/;

const isGarbled = (code: string | undefined): boolean => code !== undefined && GARBLED.test(code);

type About = Pick<LostRequest, 'method' | 'path'>;

const aborted = ({ method, path }: About, isSent: boolean): Failure => ({
  kind: 'aborted',
  message: `${method} ${path} was aborted`,
  advice: 'Nothing: the caller asked for it.',
  delivery: isSent ? 'unknown' : 'not-sent',
  method,
  path,
});

const garbled = ({ method, path }: About, words: string): Failure => ({
  kind: 'bad-response',
  message: `${method} ${path} got a reply that broke off or cannot be read: ${words}`,
  advice: 'Try again; if this persists, the server or a proxy in front of it is broken.',
  delivery: 'unknown',
  method,
  path,
});

const unread = ({ method, path }: About, words: string, advice: string): Failure => ({
  kind: 'network',
  message: `${method} ${path} was answered, but ${words}`,
  advice,
  delivery: 'unknown',
  method,
  path,
  speaker: 'unknown',
});

const hostFault = ({ method, path }: About, words: string, name: string): Failure => ({
  kind: 'internal',
  message: `${method} ${path}: ${words}`,
  advice: `Fix the function ${name} that was passed, or leave it out.`,
  delivery: 'unknown',
  method,
  path,
});

const CHECK_PROXY =
  "Check the proxy that HTTPS_PROXY names, and the network, or name the API's host in NO_PROXY; nothing was sent.";

/** The proxy answered the CONNECT itself: the API never received the request (law 8, never mistaken). */
function tunnelRefused({ method, path }: About, words: string, status: number | undefined): Failure {
  return {
    kind: 'network',
    message: `${method} ${path} was not sent: the proxy ${status === undefined ? `does not connect to the server: ${words}` : `answered ${status}`}`,
    advice: status === undefined ? CHECK_PROXY : cureFor('proxy', status),
    delivery: 'not-sent',
    method,
    path,
    speaker: 'proxy',
    ...defined({ status }),
  };
}

/** Whether the request was sent, by what the transport or one below it knows; the words of an error are no knowledge. */
export const wasSent = (error: unknown): boolean => chain(error).some(isKnownSent);

/** The failure for a request without a whole reply. Never throws, whatever the error is. */
export function failureFromTransport(lost: LostRequest): Failure {
  const { method, path, error, isAborted, isAnswered = false, redactor } = lost;
  const links = chain(error);
  const isSent = isAnswered || links.some(isKnownSent);
  if (isAborted) return aborted({ method, path }, isSent || !isUnsent(error));
  const code = errorCode(error);
  const said = errorWords(error, redactor?.shown);
  const isPlain = !isSent && SPEAKS_NO_TLS.test(said);
  const words = isPlain ? 'what answered does not speak TLS' : said;
  const faulty = faultyOf(error);
  if (faulty !== undefined) return hostFault({ method, path }, words, faulty);
  const tunnel = isSent ? undefined : refusedTunnel(links);
  if (tunnel !== undefined) return tunnelRefused({ method, path }, words, tunnel.status);
  const cure = cureOf(error);
  if (cure !== undefined) return unread({ method, path }, words, cure);
  // The code of such an error is about the connection, though a reply had begun.
  const isBrokenReply = !isAnswered && links.some(isOfReply);
  if (isBrokenReply || isGarbled(code)) return garbled({ method, path }, words);
  const isCertificate = !isSent && code !== undefined && REFUSED_CERTIFICATE.has(code);
  const isNotSent =
    !isSent && (isCertificate || isUnsent(error) || isFailedConnect(links) || isFailedHandshake(words));
  return {
    kind: 'network',
    message: `${method} ${path} got ${isAnswered ? 'a reply that broke off' : 'no reply'}: ${words}${code === undefined || words.includes(code) ? '' : ` (${code})`}`,
    advice: isPlain ? NO_TLS : adviceOn(isCertificate, isNotSent),
    delivery: isNotSent ? 'not-sent' : 'unknown',
    method,
    path,
  };
}

function adviceOn(isCertificate: boolean, isNotSent: boolean): string {
  if (isCertificate)
    return 'The certificate of the server is not trusted here: check the base URL and the clock, or name your CA in NODE_EXTRA_CA_CERTS; nothing was sent.';
  if (isNotSent) return 'Check the base URL and the network; nothing was sent.';
  return 'Check the network and try again.';
}
