import type { GenericAbortSignal } from 'axios';
import type { ApiRequest } from './api-request.js';
import type { RequestMarks } from './exchange.js';

type Listener = (...args: unknown[]) => unknown;

/**
 * Aborts one request, on its caller's signal or its time-out. Our own adapters use it as the signal itself; others get a real
 * AbortSignal on demand. It listens to the caller only while something listens to it, because listeners on Node's signals cost
 * more than most of a request.
 */
export class RequestWatch implements GenericAbortSignal {
  readonly request: ApiRequest;
  /** Where the transport records its times, if there is a listener. */
  readonly marks: RequestMarks | undefined;
  #listeners: Listener[] | undefined;
  #controller: AbortController | undefined;
  #own: { readonly reason: unknown } | undefined;
  #onCallerAbort: (() => void) | undefined;

  constructor(request: ApiRequest, marks: RequestMarks | undefined) {
    this.request = request;
    this.marks = marks;
  }

  get aborted(): boolean {
    return this.#own !== undefined || this.request.signal?.aborted === true;
  }

  get reason(): unknown {
    return this.#own === undefined ? this.request.signal?.reason : this.#own.reason;
  }

  /** A platform AbortSignal that aborts together with this. */
  get real(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    if (this.aborted) controller.abort(this.reason);
    else this.#listen();
    return controller.signal;
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.#own = { reason };
    this.#abortAll();
  }

  addEventListener(_type: string, listener: Listener): void {
    this.#listeners ??= [];
    this.#listeners.push(listener);
    this.#listen();
  }

  removeEventListener(_type: string, listener: Listener): void {
    this.#listeners = this.#listeners?.filter((other) => other !== listener);
  }

  /** Ends the watch: nothing is aborted any more. */
  stop(): void {
    this.#listeners = undefined;
    if (this.#onCallerAbort !== undefined)
      this.request.signal?.removeEventListener('abort', this.#onCallerAbort);
  }

  #listen(): void {
    if (this.#onCallerAbort !== undefined || this.request.signal === undefined) return;
    this.#onCallerAbort = () => this.#abortAll();
    this.request.signal.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  #abortAll(): void {
    this.#controller?.abort(this.reason);
    for (const listener of this.#listeners?.splice(0) ?? []) listener({ type: 'abort' });
  }
}
