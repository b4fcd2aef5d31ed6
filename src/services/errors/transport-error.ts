import type { AxiosResponse } from 'axios';

export interface TransportErrorFacts {
  /** The code of Node or of axios. */
  readonly code: string;
  /** False if no byte of the request left this machine, or none that the server could have received. */
  readonly isSent: boolean;
  /** Status of a proxy that answered instead of the server. */
  readonly proxyStatus?: number;
  /** The head of a reply whose body was interrupted. */
  readonly response?: AxiosResponse | undefined;
  /** The name of the host's function that gave what is no reply. */
  readonly faulty?: string;
  /** Of a reply that came and may not be read: what to do about it. */
  readonly cure?: string;
  readonly cause?: unknown;
}

/** A request without a whole reply, as reported by a transport that knows what it sent. It carries no config: that would hold the key. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string;
  readonly isSent: boolean;
  readonly proxyStatus: number | undefined;
  readonly response: AxiosResponse | undefined;
  readonly faulty: string | undefined;
  readonly cure: string | undefined;

  constructor(message: string, facts: TransportErrorFacts) {
    const { code, isSent, proxyStatus, response, faulty, cure, cause } = facts;
    super(message);
    this.code = code;
    this.response = response;
    this.isSent = isSent;
    this.proxyStatus = proxyStatus;
    this.faulty = faulty;
    this.cure = cure;
    if (cause !== undefined) this.cause = cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** The code of a proxy that opened no tunnel and did not say why. */
export const TUNNEL_LOST = 'ERR_PROXY_TUNNEL_LOST';

/** The error as a TransportError; `instanceof` on a host's proxy object may throw. */
function asTransportError(error: unknown): TransportError | undefined {
  try {
    return error instanceof TransportError ? error : undefined;
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) ?? undefined) : undefined;

/**
 * The reply that an error carries, from any source: a reply proves that something was sent. axios leaves out a reply whose body broke
 * off, but not the request of Node that has it.
 */
function replyIn(error: unknown): unknown {
  try {
    return fieldOf(error, 'response') ?? fieldOf(fieldOf(error, 'request'), 'res');
  } catch {
    return undefined;
  }
}

/** Whether the transport knows that the server cannot have received the request. */
export const isUnsent = (error: unknown): boolean =>
  asTransportError(error)?.isSent === false && replyIn(error) === undefined;

/**
 * Whether it is known that the request was sent, because the transport says so or because a reply had begun. No code of what came
 * after is then about a connection that was never opened (law 1, never twice).
 */
export const isKnownSent = (error: unknown): boolean =>
  asTransportError(error)?.isSent === true || replyIn(error) !== undefined;

/** Whether a reply had begun, of which the error knows. */
export const isOfReply = (error: unknown): boolean => replyIn(error) !== undefined;

/** Of a reply that came and may not be read: what to do about it. */
export const cureOf = (error: unknown): string | undefined => asTransportError(error)?.cure;

/** The status of a proxy that answered instead of the server, if known. */
export const proxyStatusOf = (error: unknown): number | undefined => asTransportError(error)?.proxyStatus;

/** The name of the host's function that gave what is no reply, if one did. */
export const faultyOf = (error: unknown): string | undefined => asTransportError(error)?.faulty;

const shown = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? 'text' : String(value);
  return Array.isArray(value) ? 'a list' : 'another object';
};

/** A function of the host resolved with something other than a reply: the outcome of the request is unknown. */
export const noReply = (faulty: string, value: unknown, expected: string): TransportError =>
  new TransportError(`${faulty} resolved with ${shown(value)} instead of ${expected}`, {
    code: 'ERR_BAD_RESPONSE',
    isSent: true,
    faulty,
  });

/** The head of a reply whose body broke off, as a transport hands it over; axios's own mark their errors. */
export function brokenReplyOf(error: unknown): AxiosResponse | undefined {
  const own = asTransportError(error);
  if (own !== undefined) return own.response;
  const isOfAxios =
    typeof error === 'object' && error !== null && Reflect.get(error, 'isAxiosError') === true;
  // Boundary: an error that says it is axios's has axios's fields.
  return isOfAxios ? (Reflect.get(error, 'response') as AxiosResponse | undefined) : undefined;
}
