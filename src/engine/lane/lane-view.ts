import type { JobHandle } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import type { JobView } from '../job/source/job-view.js';
import type { LaneJob, LaneView } from '../job/source/lane-source.js';
import { ViewListeners } from '../job/view/view-listeners.js';

const EMPTY: LaneView = { jobs: [] };

/** The view of a lane, built on demand. It subscribes to the jobs only while something listens to the lane. */
export class LaneWatch {
  readonly #handles: () => readonly JobHandle[];
  readonly #listeners: ViewListeners<LaneView>;
  readonly #jobs = new WeakMap<JobHandle, LaneJob>();
  /** Unsubscribes from each job. */
  readonly #stops = new Map<JobHandle, () => void>();
  #view = EMPTY;
  #notified: LaneView | undefined;
  /** True while the view is current, because the subscribed jobs have not changed. */
  #isFresh = false;

  constructor(handles: () => readonly JobHandle[], logger: JobLogger | undefined) {
    this.#handles = handles;
    this.#listeners = new ViewListeners(logger, 'all jobs of the lane');
  }

  view(): LaneView {
    if (this.#isFresh) return this.#view;
    const jobs = this.#handles().map((handle) => this.#jobOf(handle));
    const before = this.#view.jobs;
    const isSame = jobs.length === before.length && jobs.every((job, index) => job === before[index]);
    if (!isSame) this.#view = { jobs };
    this.#isFresh = !this.#listeners.isEmpty;
    return this.#view;
  }

  subscribe(listener: (view: LaneView) => void): () => void {
    const end = this.#listeners.add(listener);
    this.#follow();
    this.#notified = this.view();
    return () => {
      end();
      if (!this.#listeners.isEmpty) return;
      for (const stop of this.#stops.values()) stop();
      this.#stops.clear();
      this.#isFresh = false;
    };
  }

  /** Jobs were added or removed. */
  changed(): void {
    this.#isFresh = false;
    if (this.#listeners.isEmpty) return;
    this.#follow();
    this.#notify();
  }

  #follow(): void {
    const handles = new Set(this.#handles());
    for (const [handle, stop] of this.#stops) {
      if (handles.has(handle)) continue;
      stop();
      this.#stops.delete(handle);
    }
    for (const handle of handles) {
      if (this.#stops.has(handle)) continue;
      const stop = handle.subscribe(() => {
        this.#isFresh = false;
        this.#notify();
      });
      this.#stops.set(handle, stop);
    }
  }

  #notify(): void {
    const view = this.view();
    if (view === this.#notified) return;
    this.#notified = view;
    this.#listeners.notify(view);
  }

  #jobOf(handle: JobHandle): LaneJob {
    const view: JobView = handle.view();
    const known = this.#jobs.get(handle);
    if (known?.view === view) return known;
    const job = { id: handle.id, view };
    this.#jobs.set(handle, job);
    return job;
  }
}
