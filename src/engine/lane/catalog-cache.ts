import type { JobPorts } from '../../machines/ports.js';
import type { Workflow } from '../../services/wire/wire-types.js';
import type { Clock } from '../binding/clock.js';
import type { PortsLayer } from '../binding/ports-layer.js';

type LoadCatalog = JobPorts['loadCatalog'];

export interface CatalogCache {
  /** Shares one request among all concurrent callers and caches the catalog for five minutes. Failures are not cached. */
  readonly load: LoadCatalog;
  /** The same for a host, without a job. */
  catalog(): Promise<readonly Workflow[]>;
}

export const GOOD_FOR_MS = 5 * 60_000;

export function createCatalogCache(load: LoadCatalog, clock: Clock): CatalogCache {
  let kept: { readonly workflows: Promise<readonly Workflow[]>; readonly until: number } | undefined;
  function shared(jobId: string): Promise<readonly Workflow[]> {
    const now = clock.now();
    if (kept !== undefined && now < kept.until && now >= kept.until - GOOD_FOR_MS) return kept.workflows;
    // Not the caller's signal, because others wait for the same answer.
    const { signal } = new AbortController();
    const workflows = load({}, { signal, jobId });
    const mine = { workflows, until: now + GOOD_FOR_MS };
    kept = mine;
    workflows.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return workflows;
  }

  return {
    load: (_, options) => untilAborted(shared(options.jobId), options.signal),
    catalog: () => shared('catalog'),
  };
}

/** All jobs share one request for the catalog. */
export const catalogCache =
  (cache: CatalogCache): PortsLayer =>
  (inner) => ({ ...inner, loadCatalog: cache.load });

function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', onAbort);
    work.then(resolve, reject).finally(settled);
  });
}
