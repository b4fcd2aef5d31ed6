import { AxiosError, type AxiosResponse } from 'axios';

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

/**
 * A request without a complete reply, reported by a transport that knows what it sent. It carries no axios config, because that
 * contains the key.
 */
export class TransportError extends AxiosError {
  override readonly name = 'TransportError';
  readonly isSent: boolean;
  readonly proxyStatus: number | undefined;

  constructor(message: string, { code, isSent, proxyStatus, response, cause }: TransportErrorFacts) {
    super(message, code, undefined, undefined, response);
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

/** Whether the transport knows that the server cannot have received the request. */
export const isUnsent = (error: unknown): boolean => asTransportError(error)?.isSent === false;

/** The status of a proxy that answered instead of the server, if known. */
export const proxyStatusOf = (error: unknown): number | undefined => asTransportError(error)?.proxyStatus;
