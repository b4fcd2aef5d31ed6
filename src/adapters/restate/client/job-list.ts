import type { LaneJob, LaneView } from '../../../engine/job/source/lane-source.js';
import { checkJobId } from './check-client-input.js';
import type { FleetJob } from './fleet-client.js';
import { createFleetJob } from './fleet-job.js';
import { type ListParts, listJobs } from './list-jobs.js';

/** How often a subscribed list is requested. */
const LIST_EVERY_MS = 2_000;

/** The jobs that were asked for, and the list of all while it is subscribed to. */
export class JobList {
  readonly #parts: ListParts;
  readonly #known = new Map<string, FleetJob>();
  readonly #listeners = new Set<(view: LaneView) => void>();
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
    const before = this.#known.get(id);
    if (before !== undefined) return before;
    checkJobId(id);
    const made = createFleetJob(this.#parts.ingress, id, () => this.#showAgain(id));
    this.#known.set(id, made);
    return made;
  }

  forget(id: string): void {
    this.#known.delete(id);
    this.#show(this.#shown.jobs.filter((one) => one.id !== id));
  }

  subscribe(listener: (view: LaneView) => void): () => void {
    this.#listeners.add(listener);
    this.#lookAtAll().catch(() => undefined);
    if (this.#listeners.size === 1) this.#lookOn();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#known.clear();
  }

  #show(next: readonly LaneJob[]): void {
    const { jobs } = this.#shown;
    const isSame = next.length === jobs.length && next.every((one, index) => one === jobs[index]);
    if (isSame) return;
    this.#shown = { jobs: next };
    for (const listener of this.#listeners) listener(this.#shown);
  }

  /** Updates a job of the list that has changed, without waiting for the next request. */
  #showAgain(id: string): void {
    const view = this.#known.get(id)?.view();
    if (view === undefined || this.#listeners.size === 0) return;
    this.#show(this.#shown.jobs.map((one) => (one.id === id && one.view !== view ? { id, view } : one)));
  }

  async #lookAtAll(): Promise<void> {
    const { jobs: rows } = await listJobs(this.#parts, { limit: 1_000 });
    const before = new Map(this.#shown.jobs.map((one) => [one.id, one]));
    this.#show(
      rows.map(({ id }): LaneJob => {
        const view = this.job(id).view();
        const one = before.get(id);
        return one?.view === view ? one : { id, view };
      }),
    );
  }

  #lookOn(): void {
    this.#timer = setTimeout(() => {
      this.#lookAtAll()
        .catch(() => undefined)
        .finally(() => {
          if (this.#listeners.size > 0) this.#lookOn();
        });
    }, LIST_EVERY_MS);
    this.#timer.unref();
  }
}
