import { guardedCall } from '../../../services/guarded-call.js';
import { type JobLogger, listenerFault } from '../job-logger.js';

type Listener<View> = (view: View) => void;

/** Listeners for changes of a view. If one throws, it is logged and the others continue. */
export class ViewListeners<View> {
  readonly #logger: JobLogger | undefined;
  readonly #id: string;
  #listeners: ReadonlySet<{ readonly call: Listener<View> }> | undefined;

  constructor(logger: JobLogger | undefined, id: string) {
    this.#logger = logger;
    this.#id = id;
  }

  get isEmpty(): boolean {
    return (this.#listeners?.size ?? 0) === 0;
  }

  /** The same function may be added twice. Returns a function that unsubscribes. */
  add(call: Listener<View>): () => void {
    const entry = { call };
    this.#listeners = new Set([...(this.#listeners ?? []), entry]);
    return () => {
      this.#listeners = new Set([...(this.#listeners ?? [])].filter((other) => other !== entry));
    };
  }

  notify(view: View): void {
    for (const { call } of this.#listeners ?? []) {
      guardedCall(
        () => call(view),
        (error) =>
          this.#logger?.error(
            listenerFault({ type: 'change' }, call, this.#id, error),
            'a listener of the host threw',
          ),
      );
    }
  }
}
