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
  /** Both made on first use: a process may have a thousand lanes, of which most are not looked at. */
  #jobs: WeakMap<JobHandle, LaneJob> | undefined;
  /** Unsubscribes from each job. */
  #stops: Map<JobHandle, () => void> | undefined;
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
      for (const stop of this.#stops?.values() ?? []) stop();
      this.#stops = undefined;
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
    this.#stops ??= new Map();
    const stops = this.#stops;
    const handles = new Set(this.#handles());
    for (const [handle, stop] of stops) {
      if (handles.has(handle)) continue;
      stop();
      stops.delete(handle);
    }
    for (const handle of handles) {
      if (stops.has(handle)) continue;
      const stop = handle.subscribe(() => {
        this.#isFresh = false;
        this.#notify();
      });
      stops.set(handle, stop);
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
    this.#jobs ??= new WeakMap();
    const known = this.#jobs.get(handle);
    if (known?.view === view) return known;
    const job = { id: handle.id, view };
    this.#jobs.set(handle, job);
    return job;
  }
}
