import type { LaneJob, LaneView } from '../../../engine/job/source/lane-source.js';
import { ViewListeners } from '../../../engine/job/view/view-listeners.js';
import { checkJobId } from './check-client-input.js';
import type { FleetJob } from './fleet-client.js';
import { RemoteJob } from './fleet-job.js';
import { KnownJobs } from './known-jobs.js';
import { type ListParts, listJobs, marksOf } from './list-jobs.js';

/** How often a subscribed list is requested. */
const LIST_EVERY_MS = 2_000;
/** How many views of the list are requested at once. */
const AT_ONCE = 8;

/** The jobs that were asked for, and the list of all while it is subscribed to. */
export class JobList {
  readonly #parts: ListParts;
  readonly #known = new KnownJobs();
  /** The jobs that are shown: what they have seen is shown next time. */
  #kept: readonly RemoteJob[] = [];
  /** The marks of what is stored of the jobs that are shown, as of when each was requested. */
  #marks: ReadonlyMap<string, string> = new Map();
  #looking: Promise<void> | undefined;
  readonly #watches = new Set<AbortController>();
  #listeners = new ViewListeners<LaneView>(undefined, 'all jobs of the fleet');
  #shown: LaneView = { jobs: [] };
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ListParts) {
    this.#parts = parts;
  }

  get view(): LaneView {
    return this.#shown;
  }

  /** @throws InvalidInputError for an id that no job can have */
  job(id: string): FleetJob {
    return this.#remote(id).handle;
  }

  forget(id: string): void {
    this.#known.delete(id);
    this.#show(this.#shown.jobs.filter((one) => one.id !== id));
  }

  subscribe(listener: (view: LaneView) => void): () => void {
    const isFirst = this.#listeners.isEmpty;
    const remove = this.#listeners.add(listener);
    this.#lookAtAll().catch(() => undefined);
    if (isFirst) this.#lookOn();
    return () => {
      remove();
      if (this.#listeners.isEmpty) this.#lookNoMore();
    };
  }

  close(): void {
    this.#lookNoMore();
    for (const watch of this.#watches) watch.abort();
    this.#listeners = new ViewListeners(undefined, 'all jobs of the fleet');
    this.#known.clear();
    this.#kept = [];
  }

  #show(next: readonly LaneJob[]): void {
    const { jobs } = this.#shown;
    const isSame = next.length === jobs.length && next.every((one, index) => one === jobs[index]);
    if (isSame) return;
    this.#shown = { jobs: next };
    this.#listeners.notify(this.#shown);
  }

  #remote(id: string): RemoteJob {
    const before = this.#known.get(id);
    if (before !== undefined) return before;
    checkJobId(id);
    const { ingress } = this.#parts;
    const onChange = (): void => this.#showAgain(id);
    const made = new RemoteJob({ ingress, id, onChange, watches: this.#watches });
    this.#known.add(made);
    return made;
  }

  /** Updates a job of the list that has changed, without waiting for the next request. */
  #showAgain(id: string): void {
    const view = this.#known.get(id)?.seen;
    if (view === undefined || this.#listeners.isEmpty) return;
    this.#show(this.#shown.jobs.map((one) => (one.id === id && one.view !== view ? { id, view } : one)));
  }

  #lookAtAll(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Two requests for all jobs, and one for each that has changed since. */
  async #look(): Promise<void> {
    const marks = await marksOf(this.#parts.admin);
    const { jobs: rows } = await listJobs(this.#parts, { limit: 1_000 });
    if (this.#listeners.isEmpty) return;
    const before = new Map(this.#shown.jobs.map((one) => [one.id, one]));
    this.#kept = rows.map(({ id }) => this.#remote(id));
    this.#show(
      this.#kept.map(({ id, seen: view }): LaneJob => {
        const one = before.get(id);
        return one?.view === view ? one : { id, view };
      }),
    );
    await this.#refresh(marks);
  }

  async #refresh(marks: ReadonlyMap<string, string>): Promise<void> {
    const known = this.#marks;
    const seen = new Map<string, string>();
    this.#marks = seen;
    const changed = this.#kept.filter(({ id }) => {
      const mark = marks.get(id);
      const isKnown = mark !== undefined && mark === known.get(id);
      if (isKnown) seen.set(id, mark);
      return !isKnown;
    });
    const next = changed.values();
    const inTurn = async (): Promise<void> => {
      for (const job of next) {
        if (this.#listeners.isEmpty) return;
        const mark = marks.get(job.id);
        // One that cannot be requested now is requested with the next list.
        const isSeen = await job.refresh().then(
          () => true,
          () => false,
        );
        if (isSeen && mark !== undefined) seen.set(job.id, mark);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  }

  #lookOn(): void {
    const timer = setTimeout(() => {
      this.#lookAtAll()
        .catch(() => undefined)
        .finally(() => {
          // Otherwise nobody listens any more, or the list was subscribed to again and is requested already.
          if (this.#timer === timer) this.#lookOn();
        });
    }, LIST_EVERY_MS);
    timer.unref();
    this.#timer = timer;
  }

  #lookNoMore(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
