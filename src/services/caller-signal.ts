import type { CallOptions } from './goal-client.js';

type Listener = () => void;

/** As much of an AbortSignal as our own code needs of its caller's. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: Listener, options?: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: Listener): void;
}

/**
 * The signal of a caller that stops its own calls. A platform AbortSignal with its controller and a listener takes a kilobyte,
 * which ten thousand waiting jobs need not have: it is made for those who ask for it, such as ports of a host.
 */
export class CallerSignal implements StopSignal {
  #aborted = false;
  #reason: unknown;
  /** Most have one. */
  #listener: Listener | undefined;
  #more: Listener[] | undefined;
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** A platform AbortSignal that aborts together with this. */
  get real(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    if (this.#aborted) return;
    if (this.#listener === undefined) this.#listener = listener;
    else {
      this.#more ??= [];
      this.#more.push(listener);
    }
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#more = this.#more?.filter((other) => other !== listener);
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const [first, more] = [this.#listener, this.#more ?? []];
    this.#listener = undefined;
    this.#more = undefined;
    this.#controller?.abort(reason);
    first?.();
    for (const listener of more) listener();
  }
}

/** Who calls, for the options of a call. */
export interface Caller {
  readonly jobId: string;
  readonly callerSignal: CallerSignal;
  jobFields(): object;
}

/** One getter for all options, so that they share their hidden class. An own property, so that a host can spread the options. */
const shared = (get: (this: CallerOptions) => unknown): PropertyDescriptor => ({
  get,
  enumerable: true,
  configurable: true,
});

/** The options of a call whose platform signal is made when it is read. */
export class CallerOptions implements CallOptions {
  readonly jobId: string;
  declare readonly signal: AbortSignal;
  declare readonly jobFields: () => object;
  readonly #caller: Caller;

  static readonly #signal = shared(function () {
    return this.#caller.callerSignal.real;
  });
  static readonly #jobFields = shared(function () {
    return () => this.#caller.jobFields();
  });

  constructor(caller: Caller) {
    this.jobId = caller.jobId;
    this.#caller = caller;
    Object.defineProperty(this, 'signal', CallerOptions.#signal);
    Object.defineProperty(this, 'jobFields', CallerOptions.#jobFields);
  }

  /** The signal of the caller. Options that were spread or are a host's have only that of the platform. */
  static signalOf<Signal extends AbortSignal | undefined>(options: {
    readonly signal?: Signal;
  }): StopSignal | Signal {
    // Boundary: an absent signal is undefined.
    return #caller in options ? options.#caller.callerSignal : (options.signal as Signal);
  }
}
