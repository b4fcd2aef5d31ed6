import { checkCommand } from '../../../engine/job/check-command.js';
import type { JobView } from '../../../engine/job/source/job-view.js';
import { ViewListeners } from '../../../engine/job/view/view-listeners.js';
import type { JobCommand } from '../../../machines/job-events.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { checkOptions } from '../check-values.js';
import type { SendAnswer } from '../messages.js';
import { checkSince } from './check-client-input.js';
import { EventTaps } from './event-taps.js';
import type { FleetEvent, FleetEventsOptions, FleetJob, FleetWaitOptions } from './fleet-client.js';
import type { Ingress } from './ingress.js';
import { follow, LONGEST_PAUSE_MS, look, notFound, type Seen, STARTING, sleep } from './seen-job.js';
import { slotsAnswer } from './slots-answer.js';

/** A view older than this is requested again. */
const FRESH_MS = 1_000;

const isAborted = (signal: AbortSignal | undefined, error: unknown): boolean =>
  signal?.aborted === true && error === signal.reason;

export interface FleetJobParts {
  readonly ingress: Ingress;
  readonly id: string;
  /** Called after every change of the view. */
  readonly onChange: () => void;
  /** The subscriptions of the client's jobs that request views now; it aborts them when it is closed. */
  readonly watches: Set<AbortController>;
}

/** What a handle has seen of its job, and the requests that find out more. */
export class RemoteJob {
  /**
   * What runs for a handle refers to it: as long as somebody is subscribed, iterates or waits, the list finds this handle, and
   * afterwards nothing keeps it but its host.
   */
  readonly handle: FleetJob;
  readonly taps: EventTaps;
  readonly #parts: FleetJobParts;
  readonly #listeners: ViewListeners<JobView>;
  #view = STARTING;
  #askedAt = Number.NEGATIVE_INFINITY;
  #watching: AbortController | undefined;
  /** What a host can have seen of the job: what it decides then is about no later state. */
  #last: number | undefined;

  constructor(parts: FleetJobParts) {
    this.#parts = parts;
    const { id, watches } = parts;
    this.#listeners = new ViewListeners(undefined, id);
    this.handle = handleOf(this, parts);
    this.taps = new EventTaps(id, (signal, onEvent) => this.#followOn(signal, onEvent), watches);
  }

  get id(): string {
    return this.#parts.id;
  }

  /** The last known view, whatever its age. */
  get seen(): JobView {
    return this.#view;
  }

  view(): JobView {
    if (performance.now() - this.#askedAt > FRESH_MS) this.refresh().catch(() => undefined);
    return this.#view;
  }

  async refresh(): Promise<JobView> {
    this.#askedAt = performance.now();
    return this.#show(await look(this.#parts.ingress, this.#parts.id, Number.MAX_SAFE_INTEGER));
  }

  subscribe(listener: (view: JobView) => void): () => void {
    const remove = this.#listeners.add(listener);
    this.#watching ??= this.#watch();
    return () => {
      remove();
      if (!this.#listeners.isEmpty) return;
      this.#watching?.abort();
      this.#watching = undefined;
    };
  }

  async send(given: JobCommand): Promise<SendAnswer> {
    const message = { command: checkCommand(given), seen: this.#last };
    const { ingress, id } = this.#parts;
    const answer = await ingress.call<SendAnswer>(id, 'send', message);
    const { view, last } = answer;
    // Rejects if there is no such job; one that has ended takes no notice.
    if (view === undefined) await this.refresh();
    else this.#show({ view, last });
    return answer;
  }

  async *events(options: FleetEventsOptions): AsyncGenerator<FleetEvent> {
    checkOptions(options);
    checkSince(options);
    const { ingress, id } = this.#parts;
    try {
      for await (const seen of follow(ingress, id, options)) {
        this.#show(seen);
        yield* seen.events;
      }
    } catch (error) {
      if (!isAborted(options.signal, error)) throw error;
    }
  }

  async result({ signal }: FleetWaitOptions): Promise<JobOutput> {
    const { ingress, id } = this.#parts;
    for await (const seen of follow(ingress, id, signal === undefined ? {} : { signal })) {
      this.#show(seen);
      if (seen.output !== undefined) return seen.output;
    }
    throw notFound(id);
  }

  /** Requests views until the job has ended, or nobody listens. */
  #watch(): AbortController {
    const { watches } = this.#parts;
    const watch = new AbortController();
    watches.add(watch);
    this.#followOn(watch.signal)
      .catch(() => undefined)
      .finally(() => {
        watches.delete(watch);
        if (this.#watching === watch) this.#watching = undefined;
      });
    return watch;
  }

  /** As long as somebody listens, a job that cannot be found is looked for again: it may be started yet. */
  async #followOn(signal: AbortSignal, onEvent?: (event: FleetEvent) => void): Promise<void> {
    const { ingress, id } = this.#parts;
    let since = 0;
    for (let tries: number | undefined; ; tries = 1) {
      try {
        for await (const seen of follow(ingress, id, { since, signal }, tries)) {
          this.#show(seen);
          for (const event of seen.events) {
            since = event.seq;
            onEvent?.(event);
          }
        }
        return;
      } catch {
        await sleep(LONGEST_PAUSE_MS, signal);
      }
    }
  }

  #show({ view: next, last: upTo }: Pick<Seen, 'view' | 'last'>): JobView {
    if (upTo !== undefined) this.#last = Math.max(upTo, this.#last ?? 0);
    if (JSON.stringify(next) === JSON.stringify(this.#view)) return this.#view;
    this.#view = next;
    this.#listeners.notify(next);
    this.#parts.onChange();
    return this.#view;
  }
}

function handleOf(remote: RemoteJob, { ingress, id }: FleetJobParts): FleetJob {
  return {
    id,
    view: () => remote.view(),
    refresh: () => remote.refresh(),
    subscribe: (listener) => remote.subscribe(listener),
    on: (type: string, listener: (event: never) => void) => remote.taps.listen(type, listener),
    submitSlots: async (slots) =>
      slotsAnswer(ingress, id, await remote.send({ type: 'SUBMIT_SLOTS', slots })),
    confirm: async () => void (await remote.send({ type: 'CONFIRM' })),
    send: async (command) => void (await remote.send(command)),
    events: (options = {}) => remote.events(options),
    [Symbol.asyncIterator]: () => remote.events({}),
    result: async (options = {}) => remote.result(options),
    async detach() {
      await remote.send({ type: 'DETACH' });
      return remote.result({});
    },
  };
}
