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

/** Total: what was thrown may defeat `instanceof`. */
export function isTransportError(error: unknown): error is TransportError {
  try {
    return error instanceof TransportError;
  } catch {
    return false;
  }
}

/** Does a transport say that the server cannot have seen the request? */
export const isUnsent = (error: unknown): boolean => isTransportError(error) && !error.isSent;
