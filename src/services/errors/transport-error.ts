import type { AxiosResponse } from 'axios';

export interface TransportErrorFacts {
  /** The code of Node or of axios. */
  readonly code: string;
  /** False if no byte of the request left this machine, or none that the server could have received. */
  readonly isSent: boolean;
  /** Status of a proxy that answered instead of the server. */
  readonly proxyStatus?: number;
  /** The head of a reply whose body was interrupted. */
  readonly response?: AxiosResponse;
  readonly cause?: unknown;
}

/** A request without a whole reply, as a transport that knows what it sent tells it. It carries no config: that would hold the key. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string;
  readonly isSent: boolean;
  readonly proxyStatus: number | undefined;
  readonly response: AxiosResponse | undefined;

  constructor(message: string, { code, isSent, proxyStatus, response, cause }: TransportErrorFacts) {
    super(message);
    this.code = code;
    this.response = response;
    this.isSent = isSent;
    this.proxyStatus = proxyStatus;
    if (cause !== undefined) this.cause = cause instanceof Error ? cause : new Error(String(cause));
  }
}

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
 * The reply of which an error knows, whoever made the error: whoever replied was sent something. axios leaves out a reply whose body broke
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

/** The status of a proxy that answered instead of the server, if known. */
export const proxyStatusOf = (error: unknown): number | undefined => asTransportError(error)?.proxyStatus;

/** The head of a reply whose body broke off, as a transport hands it over; axios's own mark their errors. */
export function brokenReplyOf(error: unknown): AxiosResponse | undefined {
  const own = asTransportError(error);
  if (own !== undefined) return own.response;
  const isOfAxios =
    typeof error === 'object' && error !== null && Reflect.get(error, 'isAxiosError') === true;
  // Boundary: an error that says it is axios's has axios's fields.
  return isOfAxios ? (Reflect.get(error, 'response') as AxiosResponse | undefined) : undefined;
}
