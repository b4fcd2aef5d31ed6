import type { RemoteJob } from './fleet-job.js';

/**
 * The jobs of which somebody has the handle: one for each id, and none that nobody has any more. A server that lives for months looks at more
 * ids than its memory holds.
 */
export class KnownJobs {
  readonly #jobs = new Map<string, WeakRef<RemoteJob>>();
  readonly #collected = new FinalizationRegistry<string>((id) => {
    // Another one of the same id may have been made since.
    if (this.get(id) === undefined) this.#jobs.delete(id);
  });

  /** How many ids it holds, those included which are about to be collected. */
  get size(): number {
    return this.#jobs.size;
  }

  get(id: string): RemoteJob | undefined {
    return this.#jobs.get(id)?.deref();
  }

  add(job: RemoteJob): void {
    this.#jobs.set(job.id, new WeakRef(job));
    this.#collected.register(job, job.id);
  }

  delete(id: string): void {
    this.#jobs.delete(id);
  }

  clear(): void {
    this.#jobs.clear();
  }
}
