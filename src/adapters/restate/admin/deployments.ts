import { SERVICES } from '../names.js';
import { askAdmin, DEFAULT_ADMIN } from './admin-api.js';
import { queryEngine, quoted } from './query-engine.js';

export interface DrainOptions {
  /** URL of the engine's admin API. Default `http://127.0.0.1:9070`. */
  readonly admin?: string | undefined;
  /** The `deployment` from `registerWorker`. */
  readonly deployment: string;
  /** Stops waiting after this time, in ms. Default 150,000: longer than a reader's shift, even one of the same release. */
  readonly withinMs?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * `current`: no other release has replaced it, so its handlers wait for it. `drained`: another release has replaced it, and all
 * its handlers have ended. `busy`: some have not.
 */
export type Drained = 'current' | 'drained' | 'busy';

const LOOK_EVERY_MS = 250;
/** So many looks in a row must find nothing: a partition of the engine may hear of a new release after the others. */
const LOOKS = 5;

interface Count {
  readonly count: number;
}

/** The number of unfinished handlers of a deployment; only its own release may continue them. */
async function leftAt(admin: string, deployment: string): Promise<number> {
  const [row] = await queryEngine<Count>(
    admin,
    `select count(*) as count from sys_invocation where status <> 'completed' and pinned_deployment_id = ${quoted(deployment)}`,
  );
  return row?.count ?? 0;
}

/** The deployment where new handlers start. */
async function currentDeployment(admin: string): Promise<string> {
  const reply = await askAdmin(admin, `/services/${SERVICES.job}`);
  // Boundary: the engine's own answer.
  return (reply as { readonly deployment_id: string }).deployment_id;
}

/**
 * Waits until an old release has no unfinished handlers, and removes it from the engine: a handler is never replayed by another
 * release than its own. Afterwards its workers may stop. The current release is left unchanged.
 * @throws NetworkError if the engine cannot be reached
 */
export async function drainWorker(options: DrainOptions): Promise<Drained> {
  const { admin = DEFAULT_ADMIN, deployment, withinMs = 150_000, signal } = options;
  if ((await currentDeployment(admin)) === deployment) return 'current';
  const until = performance.now() + withinMs;
  for (let quiet = 0; ; ) {
    quiet = (await leftAt(admin, deployment)) === 0 ? quiet + 1 : 0;
    if (quiet >= LOOKS) break;
    if (performance.now() >= until || signal?.aborted === true) return 'busy';
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await askAdmin(admin, `/deployments/${encodeURIComponent(deployment)}?force=true`, { method: 'DELETE' });
  return 'drained';
}

/** Resumes paused handlers: after very many attempts the engine pauses a handler until somebody resumes it. */
export async function resumePaused(admin: string = DEFAULT_ADMIN): Promise<number> {
  const rows = await queryEngine<{ readonly id: string }>(
    admin,
    `select id from sys_invocation where status = 'paused' and target_service_name like 'Goal%' limit 1000`,
  );
  for (const { id } of rows)
    await askAdmin(admin, `/invocations/${encodeURIComponent(id)}/resume`, { method: 'PATCH' });
  return rows.length;
}
