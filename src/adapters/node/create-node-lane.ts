import type { AxiosAdapter } from 'axios';
import { wallOffsetOf } from '../../engine/binding/clock.js';
import { countWork } from '../../engine/binding/count-work-layer.js';
import { layered } from '../../engine/binding/ports-layer.js';
import type { LaneConnection, LaneShared } from '../../engine/lane/goal-lane.js';
import { createLane, type GoalLane, type LaneOptions } from '../../engine/lane/index.js';
import { countReplies } from '../../engine/lane/reads/count-replies-layer.js';
import type { JobPorts } from '../../machines/ports.js';
import { DEFAULT_BASE_URL } from '../../services/check-options.js';
import type { GoalClientOptions } from '../../services/create-goal-client.js';
import { defined } from '../../services/defined.js';
import type { OnRequest, TraceSettings } from '../../services/http/exchange.js';
import { createNodeClient } from './create-node-client.js';
import { createNodePorts, DEFAULT_OUT_DIR } from './create-node-ports.js';
import { keyLabel } from './key-label.js';

export interface GoalLaneOptions extends LaneOptions {
  /** Default: the base URL of the API reference. */
  readonly baseUrl?: string;
  /** Folder for results, or a function that returns one for each job id. Default `goal-lane-results` in the working directory. */
  readonly outDir?: string | ((jobId: string) => string);
  /** From sending to the last byte of a reply, in ms. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Ports that replace Node's own. */
  readonly ports?: Partial<JobPorts>;
  /** An axios adapter instead of Node's own: for tests without a network. */
  readonly adapter?: AxiosAdapter;
  /** Decides about each URL from which a result is to be fetched, as in `createGoalClient`. */
  readonly allowUrl?: GoalClientOptions['allowUrl'];
  /** Called for every exchange with the API and storage: never with a body, a query or a key. */
  readonly onRequest?: OnRequest;
  /** Writes every exchange to this file as HAR 1.2, without secrets and by default without slot values. */
  readonly trace?: TraceSettings;
}

function connect(options: GoalLaneOptions, { budget, clock }: LaneShared): LaneConnection {
  const { apiKey, baseUrl, adapter, allowUrl, logger, requestTimeoutMs, onRequest, trace } = options;
  const onExchange = options.telemetry?.onExchange;
  const client = createNodeClient({
    apiKey,
    budget,
    now: clock.now,
    wallOffset: () => wallOffsetOf(clock),
    ...defined({ baseUrl, adapter, allowUrl, logger, requestTimeoutMs, onRequest, onExchange, trace }),
  });
  const { ports: own = {}, outDir = DEFAULT_OUT_DIR } = options;
  const ports = layered({ ...createNodePorts({ client, outDir, clock }), ...own }, countWork(clock));
  // A host's own `getStatus` bypasses the client, which would have counted the read.
  return { client, ports: own.getStatus === undefined ? ports : layered(ports, countReplies(budget, clock)) };
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
 * const lane = createGoalLane({ apiKey: process.env.CONVILYN_API_KEY ?? '', store, outDir: 'results' });
 * await lane.resume(); // what an earlier process left unfinished
 * for (const file of ['report.pdf', 'letter.pdf'])
 *   lane.start({ workflowId: 'goal_lane.translation', files: [file], slots: { target_language: 'de' } });
 * lane.on('completed', ({ jobId, saved }) => console.log(jobId, saved?.file));
 * lane.on('failed', ({ jobId, failure }) => console.error(jobId, failure.message, failure.advice));
 * await lane.close({ drain: true });
 * await store.close();
 * ```
 */
export function createGoalLane(options: GoalLaneOptions): GoalLane {
  return createLane(options, {
    keyLabel: keyLabel(options.apiKey, options.baseUrl ?? DEFAULT_BASE_URL),
    connect: (shared) => connect(options, shared),
  });
}
