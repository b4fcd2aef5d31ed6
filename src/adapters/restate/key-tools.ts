import type { Clock } from '../../engine/binding/clock.js';
import { wallOffsetOf } from '../../engine/binding/clock.js';
import { createJobCalls, type JobCalls } from '../../engine/binding/job-calls.js';
import { layered } from '../../engine/binding/ports-layer.js';
import { tracedPorts } from '../../engine/job/telemetry/traced-ports.js';
import { catalogCache, createCatalogCache } from '../../engine/lane/catalog-cache.js';
import { countReplies } from '../../engine/lane/reads/count-replies-layer.js';
import { createPollScheduler } from '../../engine/lane/reads/forecast/poll-scheduler.js';
import type { WorkflowHistory } from '../../engine/lane/reads/forecast/workflow-history.js';
import { createLaneBudget } from '../../engine/lane/reads/lane-budget.js';
import { createPollGovernor, type PollGovernor } from '../../engine/lane/reads/poll-governor.js';
import { createPoller, type Poller } from '../../engine/lane/reads/poller.js';
import { planHint } from '../../engine/lane/starts/plan-hint.js';
import type { JobPorts } from '../../machines/ports.js';
import { defined } from '../../services/defined.js';
import type { Endpoint } from '../../services/limits/endpoint.js';
import type { EndpointBudget, RateBudget } from '../../services/limits/rate-budget.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor } from '../../services/redaction/redactor.js';
import { createNodeClient } from '../node/create-node-client.js';
import { createFleetPorts } from './files/fleet-ports.js';
import type { GoalWorkerOptions } from './worker-options.js';

/** What a worker process needs to make the calls for the jobs of one key. */
export interface KeyTools {
  readonly keyId: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly calls: JobCalls;
  readonly getStatus: JobPorts['getStatus'];
  readonly governor: PollGovernor;
  readonly poller: Poller;
  /** What this process knows of the creations of the day. */
  creations(): EndpointBudget | undefined;
  /** Endpoints on which nothing may be sent, apart from creates and status reads; until when, by the clock. */
  shutLimits(): readonly { readonly endpoint: Endpoint; readonly until: number }[];
  /** Sends nothing on an endpoint before `until` (epoch ms of the clock). */
  shut(endpoint: Endpoint, until: number): void;
  close(): void;
}

export interface KeyToolsOptions extends GoalWorkerOptions {
  readonly clock: Clock;
  readonly random: () => number;
}

/** The lane's governor, scheduler and poller, which read the jobs of the key while this process is its reader. */
function createReading({ clock, random, plan }: KeyToolsOptions) {
  const history = new Map<string, WorkflowHistory>();
  const { statusReadsPerMinute: reads } = planHint(plan);
  const governor = createPollGovernor({ random, ...defined({ planHint: reads }) });
  const scheduler = createPollScheduler({
    order: 'index',
    loadHistory: (workflowId) => history.get(workflowId),
    saveHistory: (workflowId, past) => void history.set(workflowId, past),
  });
  const poller = createPoller({ clock, governor, scheduler });
  const budget = createLaneBudget({
    governor,
    onLimitLearned({ endpoint }) {
      if (endpoint === 'status') poller.wake();
    },
  });
  return { governor, poller, budget };
}

function shutLimitsOf(budget: RateBudget, clock: Clock): Pick<KeyTools, 'shut' | 'shutLimits'> {
  return {
    shutLimits() {
      const now = clock.now();
      const { create: _, status: __, ...others } = budget.snapshot();
      return Object.entries(others).flatMap(([endpoint, { shutUntil: until = 0 }]) =>
        // Boundary: the names of a budget are endpoints.
        until > now ? [{ endpoint: endpoint as Endpoint, until }] : [],
      );
    },
    shut(endpoint, until) {
      const before = budget.snapshot()[endpoint];
      if ((before?.shutUntil ?? 0) < until) budget.restore({ [endpoint]: { ...before, shutUntil: until } });
    },
  };
}

export function createKeyTools(keyId: string, apiKey: string, given: KeyToolsOptions): KeyTools {
  const { clock, random, baseUrl, allowUrl, requestTimeoutMs, uploadsAtOnce } = given;
  const logger = given.logger && redactingLogger(given.logger, createRedactor([apiKey]));
  const { governor, poller, budget } = createReading(given);
  const { telemetry, trace } = given;
  const client = createNodeClient({
    apiKey,
    budget,
    now: clock.now,
    wallOffset: () => wallOffsetOf(clock),
    ...defined({ baseUrl, allowUrl, logger, requestTimeoutMs, onExchange: telemetry?.onExchange, trace }),
  });
  const own: JobPorts = { ...createFleetPorts({ ...given, client, keyId }), ...defined(given.ports ?? {}) };
  const counted = given.ports?.getStatus === undefined ? own : layered(own, countReplies(budget, clock));
  const cached = layered(counted, catalogCache(createCatalogCache(counted.loadCatalog, clock)));
  const ports = tracedPorts(cached, telemetry, logger);
  return {
    keyId,
    apiKey,
    clock,
    random,
    calls: createJobCalls(ports, { clock, random, ...defined({ uploadsAtOnce, logger }) }),
    getStatus: ports.getStatus,
    governor,
    poller,
    creations: () => budget.snapshot().create,
    ...shutLimitsOf(budget, clock),
    close: client.close,
  };
}
