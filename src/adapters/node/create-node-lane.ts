import { AsyncResource } from 'node:async_hooks';
import { resolve } from 'node:path';
import type { AxiosAdapter } from 'axios';
import { wallOffsetOf } from '../../engine/binding/clock.js';
import { countWork } from '../../engine/binding/count-work-layer.js';
import { layered } from '../../engine/binding/ports-layer.js';
import type { LaneConnection, LaneShared } from '../../engine/lane/goal-lane.js';
import { createLane, type GoalLane, type LaneOptions } from '../../engine/lane/index.js';
import { countReplies } from '../../engine/lane/reads/count-replies-layer.js';
import type { JobPorts, OwnPorts } from '../../machines/ports.js';
import { checkTimeouts } from '../../services/check-numbers.js';
import { checkParts } from '../../services/check-parts.js';
import type { GoalClientOptions } from '../../services/client-options.js';
import { defined } from '../../services/defined.js';
import { apiKeyOf, baseUrlOf } from '../../services/given-options.js';
import type { OnRequest, TraceSettings } from '../../services/http/exchange.js';
import { createNodeClient } from './create-node-client.js';
import { createNodePorts, DEFAULT_OUT_DIR } from './create-node-ports.js';
import { keyLabel } from './key-label.js';

export interface GoalLaneOptions extends Omit<LaneOptions, 'apiKey'> {
  /** Default: `CONVILYN_API_KEY` of the environment. */
  readonly apiKey?: string | undefined;
  /** Default: `CONVILYN_BASE_URL` of the environment, else the base URL of the API reference. */
  readonly baseUrl?: string | undefined;
  /** Folder for results, or a function that returns one for each job id. Default `goal-lane-results` in the working directory. */
  readonly outDir?: string | ((jobId: string) => string) | undefined;
  /** From sending to the last byte of a reply, in ms. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Ports that replace Node's own. */
  readonly ports?: OwnPorts | undefined;
  /** Sends by this function instead of Node's own transport, as in `createGoalClient`. */
  readonly fetch?: GoalClientOptions['fetch'] | undefined;
  /** An axios adapter instead of Node's own: for tests without a network. */
  readonly adapter?: AxiosAdapter | undefined;
  /** Decides about each URL from which a result is to be fetched, as in `createGoalClient`. */
  readonly allowUrl?: GoalClientOptions['allowUrl'] | undefined;
  /** Called for every exchange with the API and storage: never with a body, a query or a key. */
  readonly onRequest?: OnRequest | undefined;
  /** Writes every exchange to this file as HAR 1.2, without secrets and by default without slot values. */
  readonly trace?: TraceSettings | undefined;
}

function connect(
  options: GoalLaneOptions & { readonly apiKey: string },
  { budget, clock }: LaneShared,
): LaneConnection {
  const { apiKey, baseUrl, fetch, adapter, allowUrl, logger, requestTimeoutMs, onRequest, trace } = options;
  const onExchange = options.telemetry?.onExchange;
  const client = createNodeClient({
    apiKey,
    budget,
    now: clock.now,
    wallOffset: () => wallOffsetOf(clock),
    ...defined({ baseUrl, fetch, adapter, allowUrl, logger, requestTimeoutMs, onRequest, onExchange, trace }),
  });
  const { ports: own = {}, outDir = DEFAULT_OUT_DIR } = options;
  const ports = (): JobPorts => {
    const all = layered({ ...createNodePorts({ client, outDir, clock }), ...defined(own) }, countWork(clock));
    // A host's own `getStatus` bypasses the client, which would have counted the read.
    return own.getStatus === undefined ? all : layered(all, countReplies(budget, clock));
  };
  const outDirOf = typeof outDir === 'string' ? undefined : (jobId: string) => resolve(outDir(jobId));
  return { client, ports, keepContext: () => new AsyncResource('goal-lane.turn'), ...defined({ outDirOf }) };
}

/**
 * Runs all jobs of one API key in this process: as many at once as the key allows, in order, with one budget of status reads that
 * goes to the jobs most likely to have changed.
 * @throws InvalidInputError for an invalid key, base URL or option, before anything is sent
 *
 * @example
 * ```ts
 * import { createGoalLane, openJobStore } from 'goal-lane';
 *
 * const store = await openJobStore({ path: 'jobs.db' });
 * const lane = createGoalLane({ store, outDir: 'results' });
 * await lane.resume(); // what an earlier process left unfinished
 * for (const file of ['report.pdf', 'letter.pdf'])
 *   lane.start({ workflowId: 'goal_lane.translation', files: [file], slots: { target_language: 'de' } });
 * lane.on('completed', ({ jobId, saved }) => console.log(jobId, saved?.file));
 * lane.on('failed', ({ jobId, failure }) => console.error(jobId, failure.message, failure.advice));
 * await lane.close({ drain: true });
 * await store.close();
 * ```
 */
export function createGoalLane(given: GoalLaneOptions = {}): GoalLane {
  const [apiKey, baseUrl] = [apiKeyOf(given.apiKey), baseUrlOf(given.baseUrl)];
  checkParts(given);
  checkTimeouts(given);
  const options = Object.assign({}, given, { apiKey, baseUrl });
  return createLane(options, {
    keyLabel: keyLabel(apiKey, baseUrl),
    connect: (shared) => connect(options, shared),
  });
}
