import { createNodeClient } from '../../adapters/node/create-node-client.js';
import { createNodePorts, DEFAULT_OUT_DIR } from '../../adapters/node/create-node-ports.js';
import type { JobPorts } from '../../machines/ports.js';
import { DEFAULT_BASE_URL } from '../../services/check-options.js';
import { defined } from '../../services/defined.js';
import type { GoalClient } from '../../services/goal-client.js';
import type { RateBudget } from '../../services/limits/rate-budget.js';
import { type Clock, systemClock, wallOffsetOf } from '../binding/clock.js';
import { layered } from '../binding/ports-layer.js';
import { type CatalogCache, catalogCache, createCatalogCache } from './catalog-cache.js';
import type { GoalLaneOptions } from './goal-lane.js';
import { keyLabel } from './key-label.js';
import type { LaneJobs } from './lane-jobs.js';
import { createLaneMemory, type LaneMemory } from './lane-memory.js';
import { countReplies } from './reads/count-replies-layer.js';
import { createPollScheduler } from './reads/forecast/poll-scheduler.js';
import type { WorkflowHistory } from './reads/forecast/workflow-history.js';
import { createLaneBudget } from './reads/lane-budget.js';
import { createPollGovernor, type PollGovernor } from './reads/poll-governor.js';
import { createPoller, type Poller } from './reads/poller.js';
import { readTurns } from './reads/read-turns-layer.js';
import { type Admission, createAdmission } from './starts/admission.js';
import { afterLoading } from './starts/after-loading-layer.js';
import { type PlanHint, planHint } from './starts/plan-hint.js';
import { createQueueWatch, type QueueWatch } from './starts/queue-watch.js';
import { startQueue } from './starts/start-queue-layer.js';

/** What all jobs of a lane share, wired together. */
export interface LaneCore {
  readonly clock: Clock;
  readonly random: () => number;
  readonly client: GoalClient;
  readonly ports: JobPorts;
  readonly catalog: CatalogCache;
  readonly governor: PollGovernor;
  readonly budget: RateBudget;
  readonly admission: Admission;
  readonly poller: Poller;
  readonly memory: LaneMemory;
  readonly queueWatch: QueueWatch;
  /** What the store knew of the queue when the lane was opened. */
  readonly queueBefore: Promise<readonly string[]>;
}

/** Ports of the host's own go before Node's. */
function hostPorts(options: GoalLaneOptions, client: GoalClient, budget: RateBudget, clock: Clock): JobPorts {
  const { ports = {}, outDir = DEFAULT_OUT_DIR } = options;
  const all = { ...createNodePorts({ client, outDir, clock }), ...ports };
  return ports.getStatus === undefined ? all : layered(all, countReplies(budget, clock));
}

function createClient(options: GoalLaneOptions, budget: RateBudget, clock: Clock): GoalClient {
  const { apiKey, baseUrl, adapter, allowUrl, logger, requestTimeoutMs, onRequest, trace } = options;
  return createNodeClient({
    apiKey,
    budget,
    now: clock.now,
    wallOffset: () => wallOffsetOf(clock),
    ...defined({ baseUrl, adapter, allowUrl, logger, requestTimeoutMs, onRequest, trace }),
  });
}

/** The pure parts of the poll scheduling, with the history that they learn into. */
function createReading(options: GoalLaneOptions, hint: PlanHint, clock: Clock, random: () => number) {
  const history = new Map<string, WorkflowHistory>();
  const { statusReadsPerMinute: reads } = hint;
  const governor = createPollGovernor({ random, ...defined({ planHint: reads }) });
  let onLearned = (): void => undefined;
  const scheduler = createPollScheduler({
    order: options.pollOrder ?? 'index',
    loadHistory: (workflowId) => history.get(workflowId),
    saveHistory(workflowId, past) {
      // Those that ran last come last: they are kept longest.
      history.delete(workflowId);
      history.set(workflowId, past);
      onLearned();
    },
  });
  const poller = createPoller({ clock, governor, scheduler });
  return {
    history,
    governor,
    poller,
    onLearned(listener: () => void) {
      onLearned = listener;
    },
  };
}

/** Those that have no place yet, and the creations of the day, are what a restart must know. */
export function createLaneCore(options: GoalLaneOptions, jobs: LaneJobs): LaneCore {
  const { clock = systemClock, random = Math.random, store, logger } = options;
  const hint = planHint(options.plan);
  const { history, governor, poller, onLearned } = createReading(options, hint, clock, random);
  const budget = createLaneBudget({
    governor,
    onLimitLearned({ endpoint }) {
      if (endpoint === 'status') poller.wake();
      if (endpoint !== 'create') return;
      memory.touch();
      admission.grantNext();
    },
  });
  const queueWatch = createQueueWatch(clock, () => admission, jobs.factsOf);
  const admission: Admission = createAdmission({
    clock,
    hint: hint.concurrentJobs,
    most: options.concurrency,
    creations: () => budget.snapshot().create,
    onQueueChange: () => queueWatch.changed(),
  });
  const memory = createLaneMemory({
    store,
    keyLabel: keyLabel(options.apiKey, options.baseUrl ?? DEFAULT_BASE_URL),
    clock,
    logger,
    current: () => ({
      budget: createOnly(budget),
      queueOrder: jobs.inOrder().filter((id) => !admission.hasPlace(id)),
      history,
    }),
  });
  onLearned(memory.touch);
  const client = createClient(options, budget, clock);
  const queueBefore = memory.load().then((known) => {
    const { create } = known.budget;
    if (create !== undefined) budget.restore({ create });
    for (const [workflowId, past] of known.history) {
      if (!history.has(workflowId)) history.set(workflowId, past);
    }
    return known.queueOrder;
  });
  const ready = queueBefore.then(() => undefined);
  const own = hostPorts(options, client, budget, clock);
  const catalog = createCatalogCache(own.loadCatalog, clock);
  const ports = layered(
    own,
    catalogCache(catalog),
    startQueue(admission, jobs.factsOf),
    readTurns(poller, (jobId) => jobs.factsOf(jobId)?.workflowId),
    afterLoading(ready),
  );
  return {
    clock,
    random,
    client,
    ports,
    catalog,
    governor,
    budget,
    admission,
    poller,
    memory,
    queueWatch,
    queueBefore,
  };
}

const createOnly = (budget: RateBudget) => {
  const { create } = budget.snapshot();
  return defined({ create });
};
