import { SERVICES } from '../names.js';
import { queryEngine, quoted } from './query-engine.js';
import { askAdmin, DEFAULT_ADMIN } from './register.js';

export interface DrainOptions {
  /** Of the engine's administration. Default `http://127.0.0.1:9070`. */
  readonly admin?: string;
  /** What `registerWorker` resolved with. */
  readonly deployment: string;
  /** Gives up after so many ms. Default 60,000. */
  readonly withinMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** `current`: nobody has taken its place, and what it has begun waits for it. `drained`: another release goes on, and nothing is left to do. */
export type Drained = 'current' | 'drained' | 'busy';

const LOOK_EVERY_MS = 250;

interface Count {
  readonly count: number;
}

/** Handlers that the deployment has begun and only its release may go on with. */
async function leftAt(admin: string, deployment: string): Promise<number> {
  const [row] = await queryEngine<Count>(
    admin,
    `select count(*) as count from sys_invocation where status <> 'completed' and pinned_deployment_id = ${quoted(deployment)}`,
  );
  return row?.count ?? 0;
}

/** What begins now begins there. */
async function currentDeployment(admin: string): Promise<string> {
  const reply = await askAdmin(admin, `/services/${SERVICES.job}`);
  // Boundary: the engine's own answer.
  return (reply as { readonly deployment_id: string }).deployment_id;
}

/**
 * Waits until an old release has nothing left to do, and takes it off the engine's list: a handler is never replayed by a release that has not
 * begun it. Its workers may end then. A release that is the current one is left as it is.
 * @throws NetworkError where the engine cannot be reached
 */
export async function drainWorker(options: DrainOptions): Promise<Drained> {
  const { admin = DEFAULT_ADMIN, deployment, withinMs = 60_000, signal } = options;
  if ((await currentDeployment(admin)) === deployment) return 'current';
  const until = performance.now() + withinMs;
  while ((await leftAt(admin, deployment)) > 0) {
    if (performance.now() >= until || signal?.aborted === true) return 'busy';
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await askAdmin(admin, `/deployments/${encodeURIComponent(deployment)}?force=true`, { method: 'DELETE' });
  return 'drained';
}

/** The engine gives up on a handler after very many attempts, and waits for somebody to say that it is worth another one. */
export async function resumePaused(admin: string = DEFAULT_ADMIN): Promise<number> {
  const rows = await queryEngine<{ readonly id: string }>(
    admin,
    `select id from sys_invocation where status = 'paused' and target_service_name like 'Goal%' limit 1000`,
  );
  for (const { id } of rows)
    await askAdmin(admin, `/invocations/${encodeURIComponent(id)}/resume`, { method: 'PATCH' });
  return rows.length;
}
