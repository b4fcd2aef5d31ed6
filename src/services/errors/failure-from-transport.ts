import type { Failure } from '../failure.js';
import { redactSecrets } from '../redact.js';
import { failureFromProxy } from './failure-from-proxy.js';
import { type GoalLaneError, isGoalLaneError } from './goal-lane-error.js';
import { isUnsent, TransportError } from './transport-error.js';

/** Errors before a connection stood: the server certainly saw nothing. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
]);

/** The certificate was refused, so the handshake never ended: the server certainly saw nothing either. */
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

const field = (error: unknown, name: 'code' | 'message' | 'cause' | 'errors' | 'syscall'): unknown =>
  typeof error === 'object' && error !== null && name in error ? Reflect.get(error, name) : undefined;

/** The error and those that it was made from. */
function chain(error: unknown): unknown[] {
  const seen: unknown[] = [];
  for (
    let next = error;
    next !== undefined && next !== null && !seen.includes(next);
    next = field(next, 'cause')
  )
    seen.push(next);
  return seen;
}

const codeOf = (error: unknown): string | undefined => {
  const code = field(error, 'code');
  return typeof code === 'string' ? code : undefined;
};

/** The code of the innermost error that has one. */
export const errorCode = (error: unknown): string | undefined =>
  chain(error)
    .map(codeOf)
    .findLast((code) => code !== undefined);

/** The system calls of a connection that never stood; one error that sums up an attempt per address is of that kind too. */
const isFailedConnect = (error: unknown): boolean =>
  chain(error).some((link) => {
    const syscall = field(link, 'syscall');
    return syscall === 'connect' || syscall === 'getaddrinfo' || Array.isArray(field(link, 'errors'));
  });

/** Node's words, under the code of any reset, for a connection that ended within its TLS handshake. */
const isFailedHandshake = (words: string): boolean =>
  words.includes('before secure TLS connection was established');

/** One of ours that was thrown inside the transport: a body that failed, a watchdog that barked. */
export const ownError = (error: unknown, signal: AbortSignal | undefined): GoalLaneError | undefined =>
  [signal?.reason, ...chain(error)].find(isGoalLaneError);

export interface LostRequest {
  readonly method: string;
  readonly path: string;
  readonly error: unknown;
  readonly isAborted: boolean;
  readonly secrets: readonly string[];
}

/** A request that got no reply, as plain data. */
export function failureFromTransport({ method, path, error, isAborted, secrets }: LostRequest): Failure {
  const code = errorCode(error);
  const words = redactSecrets(String(field(error, 'message') ?? error), secrets);
  const about = { method, path };
  if (isAborted) {
    return {
      kind: 'aborted',
      message: `${method} ${path} was aborted`,
      advice: 'Nothing: the caller asked for it.',
      delivery: isUnsent(error) ? 'not-sent' : 'unknown',
      ...about,
    };
  }
  if (error instanceof TransportError && error.proxyStatus !== undefined)
    return failureFromProxy(method, path, error.proxyStatus);
  if (code === 'ERR_BAD_RESPONSE' || code?.startsWith('HPE_') || code?.startsWith('Z_')) {
    return {
      kind: 'bad-response',
      message: `${method} ${path} got a reply that broke off or cannot be read: ${words}`,
      advice: 'Try again; if it stays, the server or what stands before it is broken.',
      delivery: 'unknown',
      ...about,
    };
  }
  const isCertificate = code !== undefined && REFUSED_CERTIFICATE.has(code);
  const isNotSent =
    isCertificate ||
    isUnsent(error) ||
    isFailedConnect(error) ||
    isFailedHandshake(words) ||
    (code !== undefined && NOT_SENT.has(code));
  return {
    kind: 'network',
    message: `${method} ${path} got no reply: ${words}${code === undefined || words.includes(code) ? '' : ` (${code})`}`,
    advice: adviceOn(isCertificate, isNotSent),
    delivery: isNotSent ? 'not-sent' : 'unknown',
    ...about,
  };
}

function adviceOn(isCertificate: boolean, isNotSent: boolean): string {
  if (isCertificate)
    return 'The certificate of the server is not trusted here: check the base URL and the clock, or name your CA in NODE_EXTRA_CA_CERTS; nothing was sent.';
  if (isNotSent) return 'Check the base URL and the network; nothing was sent.';
  return 'Check the network and try again.';
}
