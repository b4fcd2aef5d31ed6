import type { Failure } from '../failure.js';
import { redactSecrets } from '../redact.js';

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
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const field = (error: unknown, name: 'code' | 'message' | 'cause' | 'errors'): unknown =>
  typeof error === 'object' && error !== null && name in error ? Reflect.get(error, name) : undefined;

/** The code of an error, of its cause, or of the attempts that it sums up (one per address). */
export function errorCode(error: unknown): string | undefined {
  const attempts = field(error, 'errors');
  const inner: unknown[] = [field(error, 'cause'), ...(Array.isArray(attempts) ? attempts : [])];
  const own = field(error, 'code');
  const nested = inner.filter((entry) => entry !== undefined && entry !== error).map(errorCode);
  const found = nested.find((code) => code !== undefined);
  return found ?? (typeof own === 'string' ? own : undefined);
}

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
      delivery: 'unknown',
      ...about,
    };
  }
  const isNotSent = code !== undefined && NOT_SENT.has(code);
  return {
    kind: 'network',
    message: `${method} ${path} got no reply: ${words}${code === undefined || words.includes(code) ? '' : ` (${code})`}`,
    advice: isNotSent
      ? 'Check the base URL and the network; nothing was sent.'
      : 'Check the network and try again.',
    delivery: isNotSent ? 'not-sent' : 'unknown',
    ...about,
  };
}
