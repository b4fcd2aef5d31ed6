import { systemClock } from '../../../engine/binding/clock.js';
import { freshId } from '../../../engine/binding/fresh-id.js';
import { checkJobInput } from '../../../engine/job/check-job-input.js';
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
import type { FleetClient, FleetClientOptions } from './fleet-client.js';
import { fleetHistory } from './fleet-history.js';
import { createIngress, type Ingress } from './ingress.js';
import { JobList } from './job-list.js';
import { type ListParts, listJobs } from './list-jobs.js';
import { resumeJobs } from './resume-jobs.js';
import { look } from './seen-job.js';

function adminOf({ ingress = DEFAULT_INGRESS, admin }: FleetClientOptions): string {
  if (admin !== undefined) return admin;
  const url = new URL(ingress);
  url.port = '9070';
  return url.origin;
}

const pagesOf = (parts: ListParts): Pick<FleetClient, 'jobs' | 'stored'> => ({
  async jobs(query = {}) {
    checkOptions(query);
    const { state, page, limit } = query;
    return listJobs(parts, { states: state === undefined ? undefined : [state], after: page, limit });
  },
  async stored(query = {}) {
    checkOptions(query);
    const { states = LIFECYCLE, after, limit } = query;
    return listJobs(parts, { states, after, limit });
  },
});

async function loadCatalog(ingress: Ingress, keyId: string): Promise<readonly Workflow[]> {
  const answer = await ingress.catalog({ keyId });
  if (!answer.ok) throw errorFromFailure(answer.failure);
  return answer.value;
}

/** From the moment in which the engine has stored its start until it has stored its end. */
async function isRunning(ingress: Ingress, id: string): Promise<boolean> {
  const { isThere } = await ingress.call<EventsPage>(id, 'events', { since: Number.MAX_SAFE_INTEGER });
  return isThere || (await ingress.isStarting(id, START_ONCE)) || (await ingress.ended(id)) === 'ending';
}

/** Whether it was started is not known: without its id a host would start another job. */
function startFault(error: unknown, id: string): unknown {
  if (!isGoalLaneError(error) || error.kind !== 'network') return error;
  const advice = `Start it again with the id ${JSON.stringify(id)}: the engine starts nothing twice under one id.`;
  return errorFromFailure({ ...error.failure, advice });
}

/** A job as it is now; undefined if the engine holds none of this id. */
async function lookAt(ingress: Ingress, id: string): ReturnType<FleetClient['look']> {
  try {
    // A job that its first handler has not stored yet is being created.
    const { view, createdAt = Date.now() } = await look(ingress, id, Number.MAX_SAFE_INTEGER);
    return { id, createdAt, view };
  } catch (error) {
    if (isGoalLaneError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}

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
  const admin = { url: adminOf(options), headers };
  const parts = { admin, ingress };
  const order = createQueueOrder(Date.now);
  const list = new JobList(parts);

  const start: FleetClient['start'] = async (given) => {
    if (typeof given !== 'object' || given === null) checkJobInput(given);
    const { id = freshId(), key = ownKey, priority, ...rest } = given;
    // Boundary: the rest of a union without its known members is the union's own input again.
    const input = rest as JobInput;
    checkFleetInput(input, { id, key, priority });
    const message: StartMessage = { input, keyId: key, queue: order.next(priority) };
    await ingress.submit(id, 'start', message, START_ONCE).catch((error: unknown) => {
      throw startFault(error, id);
    });
    return list.job(id);
  };

  const forget: FleetClient['forget'] = async (id) => {
    checkJobId(id);
    if (await isRunning(ingress, id))
      refuseInput([`job ${id} runs`], 'Detach it first, or wait until it has ended.');
    list.forget(id);
    return purgeEnded(admin, id);
  };

  return {
    ...pagesOf(parts),
    start,
    forget,
    resume: (ids) => resumeJobs({ ingress, start, forget }, ids),
    job: (id) => list.job(id),
    async look(id) {
      checkJobId(id);
      return lookAt(ingress, id);
    },
    async history(id, query = {}) {
      checkJobId(id);
      return fleetHistory(await look(ingress, id, 0), query);
    },
    catalog: createCatalogCache(() => loadCatalog(ingress, ownKey), systemClock).catalog,
    view: () => list.view,
    subscribe: (listener) => list.subscribe(listener),
    close: () => list.close(),
  };
}
