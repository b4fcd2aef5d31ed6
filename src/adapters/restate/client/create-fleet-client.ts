import { systemClock } from '../../../engine/binding/clock.js';
import { freshId } from '../../../engine/binding/fresh-id.js';
import { checkJobInput } from '../../../engine/job/check-job-input.js';
import type {
  LaneJob,
  LaneView,
  StoredPage,
  StoredPageQuery,
} from '../../../engine/job/source/lane-source.js';
import { createCatalogCache } from '../../../engine/lane/catalog-cache.js';
import { createQueueOrder } from '../../../engine/lane/starts/queue-order.js';
import type { JobInput } from '../../../machines/job-input.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import { refuseInput } from '../../../services/refuse-input.js';
import type { Workflow } from '../../../services/wire/wire-types.js';
import { purgeEnded } from '../admin/purge-ended.js';
import { checkOptions } from '../check-values.js';
import { START_ONCE } from '../ended.js';
import type { EventsPage, StartMessage } from '../messages.js';
import { DEFAULT_INGRESS } from '../worker/worker-ingress.js';
import { checkFleetInput, checkJobId, LIFECYCLE } from './check-client-input.js';
import { checkClientOptions } from './check-client-options.js';
import type { FleetClient, FleetClientOptions, FleetJob, FleetPageQuery } from './fleet-client.js';
import { fleetHistory } from './fleet-history.js';
import { createFleetJob, look } from './fleet-job.js';
import { createIngress } from './ingress.js';
import { listJobs } from './list-jobs.js';
import { resumeJobs } from './resume-jobs.js';

function adminOf({ ingress = DEFAULT_INGRESS, admin }: FleetClientOptions): string {
  if (admin !== undefined) return admin;
  const url = new URL(ingress);
  url.port = '9070';
  return url.origin;
}

/** How often a subscribed list is requested. */
const LIST_EVERY_MS = 2_000;

/**
 * The jobs that run on the durable engine, for any process that can reach it. It needs no SDK.
 *
 * @example
 * ```ts
 * import { createFleetClient } from 'goal-lane/restate';
 *
 * const fleet = createFleetClient({ ingress: 'http://127.0.0.1:8080' });
 * const job = await fleet.start({ id: 'order-4711', workflowId: 'goal_lane.translation', files: ['/mnt/in/report.pdf'] });
 * for await (const event of job.events()) console.log(event.seq, event.type);
 * console.log(await job.result());
 * ```
 * @throws InvalidInputError for an option that cannot be meant
 */
export function createFleetClient(options: FleetClientOptions = {}): FleetClient {
  checkClientOptions(options);
  const { ingress: base = DEFAULT_INGRESS, key: ownKey = 'default', headers = {} } = options;
  const ingress = createIngress(base, headers);
  const parts = { admin: adminOf(options), ingress };
  const order = createQueueOrder(Date.now);
  const known = new Map<string, FleetJob>();
  const listeners = new Set<(view: LaneView) => void>();
  let shown: LaneView = { jobs: [] };
  let timer: NodeJS.Timeout | undefined;

  function job(id: string): FleetJob {
    const before = known.get(id);
    if (before !== undefined) return before;
    checkJobId(id);
    const made = createFleetJob(ingress, id, () => showAgain(id));
    known.set(id, made);
    return made;
  }

  async function jobs(query: FleetPageQuery = {}): Promise<StoredPage> {
    checkOptions(query);
    const { state, page, limit } = query;
    return listJobs(parts, { states: state === undefined ? undefined : [state], after: page, limit });
  }

  function show(next: readonly LaneJob[]): void {
    const isSame = next.length === shown.jobs.length && next.every((one, index) => one === shown.jobs[index]);
    if (isSame) return;
    shown = { jobs: next };
    for (const listener of listeners) listener(shown);
  }

  /** Updates a job of the list that has changed, without waiting for the next request. */
  function showAgain(id: string): void {
    const view = known.get(id)?.view();
    if (view === undefined || listeners.size === 0) return;
    show(shown.jobs.map((one) => (one.id === id && one.view !== view ? { id, view } : one)));
  }

  async function lookAtAll(): Promise<void> {
    const { jobs: rows } = await listJobs(parts, { limit: 1_000 });
    const before = new Map(shown.jobs.map((one) => [one.id, one]));
    show(
      rows.map(({ id }): LaneJob => {
        const view = job(id).view();
        const one = before.get(id);
        return one?.view === view ? one : { id, view };
      }),
    );
  }

  function lookOn(): void {
    timer = setTimeout(() => {
      lookAtAll()
        .catch(() => undefined)
        .finally(() => {
          if (listeners.size > 0) lookOn();
        });
    }, LIST_EVERY_MS);
    timer.unref();
  }

  async function loadCatalog(): Promise<readonly Workflow[]> {
    const answer = await ingress.catalog({ keyId: ownKey });
    if (!answer.ok) throw errorFromFailure(answer.failure);
    return answer.value;
  }

  const start: FleetClient['start'] = async (given) => {
    if (typeof given !== 'object' || given === null) checkJobInput(given);
    const { id = freshId(), key = ownKey, priority, ...rest } = given;
    // Boundary: the rest of a union without its known members is the union's own input again.
    const input = rest as JobInput;
    checkFleetInput(input, { id, key, priority });
    const message: StartMessage = { input, keyId: key, queue: order.next(priority) };
    await ingress.submit(id, 'start', message, START_ONCE);
    return job(id);
  };

  const forget: FleetClient['forget'] = async (id) => {
    checkJobId(id);
    const { isThere } = await ingress.call<EventsPage>(id, 'events', { since: Number.MAX_SAFE_INTEGER });
    if (isThere) refuseInput([`job ${id} runs`], 'Detach it first, or wait until it has ended.');
    known.delete(id);
    show(shown.jobs.filter((one) => one.id !== id));
    return purgeEnded(parts.admin, id);
  };

  return {
    start,
    forget,
    resume: (ids) => resumeJobs({ ingress, start, forget }, ids),
    job,
    jobs,
    async stored(query: StoredPageQuery = {}) {
      checkOptions(query);
      const { states = LIFECYCLE, after, limit } = query;
      return listJobs(parts, { states, after, limit });
    },
    async look(id) {
      const createdAt = Date.now();
      try {
        return { id, createdAt, view: await job(id).refresh() };
      } catch (error) {
        if (isGoalLaneError(error) && error.kind === 'not-found') return undefined;
        throw error;
      }
    },
    async history(id, query = {}) {
      checkJobId(id);
      return fleetHistory(await look(ingress, id, 0), query);
    },
    catalog: createCatalogCache(loadCatalog, systemClock).catalog,
    view: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      lookAtAll().catch(() => undefined);
      if (listeners.size === 1) lookOn();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    close() {
      clearTimeout(timer);
      listeners.clear();
      known.clear();
    },
  };
}
