import { AxiosError, type AxiosResponse } from 'axios';

export interface TransportErrorFacts {
  /** Node's code, or axios's. */
  readonly code: string;
  /** False where no byte of the request left this machine, or none that the server could have seen. */
  readonly isSent: boolean;
  /** What a proxy answered in the place of the server. */
  readonly proxyStatus?: number;
  /** The head of a reply whose body broke off. */
  readonly response?: AxiosResponse;
  readonly cause?: unknown;
}

/** A request without a whole reply, as a transport that knows what it sent tells it. It carries no config: that would hold the key. */
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

/** A transport's own error among whatever was thrown; a host's proxy object may even throw at being asked what it is. */
function asTransportError(error: unknown): TransportError | undefined {
  try {
    return error instanceof TransportError ? error : undefined;
  } catch {
    return undefined;
  }
}

/** Does a transport say that the server cannot have seen the request? */
export const isUnsent = (error: unknown): boolean => asTransportError(error)?.isSent === false;

/** What a proxy answered in the place of the server, where a transport says so. */
export const proxyStatusOf = (error: unknown): number | undefined => asTransportError(error)?.proxyStatus;
