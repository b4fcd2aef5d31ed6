import type { JobPorts } from '../../machines/ports.js';
import { defined } from '../../services/defined.js';
import type { GoalClient } from '../../services/goal-client.js';
import type { RateBudget } from '../../services/limits/rate-budget.js';
import { type Clock, systemClock } from '../binding/clock.js';
import { layered } from '../binding/ports-layer.js';
import { type CatalogCache, catalogCache, createCatalogCache } from './catalog-cache.js';
import type { LaneConnection, LaneHost, LaneOptions } from './goal-lane.js';
import type { LaneJobs } from './lane-jobs.js';
import { createLaneMemory, type LaneMemory } from './lane-memory.js';
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

/** Everything that the jobs of a lane share. */
export interface LaneCore {
  readonly clock: Clock;
  readonly random: () => number;
  readonly client: GoalClient;
  /** Makes them. */
  readonly ports: () => JobPorts;
  readonly outDirOf: LaneConnection['outDirOf'];
  readonly catalog: CatalogCache;
  readonly governor: PollGovernor;
  readonly budget: RateBudget;
  readonly admission: Admission;
  readonly poller: Poller;
  readonly memory: LaneMemory;
  readonly queueWatch: QueueWatch;
  /** The queue as stored when the lane was opened. */
  readonly queueBefore: Promise<readonly string[]>;
}

/** The pure parts of poll scheduling, with the history that they update. */
function createReading(options: LaneOptions, hint: PlanHint, clock: Clock, random: () => number) {
  const history = new Map<string, WorkflowHistory>();
  const { statusReadsPerMinute: reads } = hint;
  const governor = createPollGovernor({ random, ...defined({ planHint: reads }) });
  let onLearned = (): void => undefined;
  const scheduler = createPollScheduler({
    order: options.pollOrder ?? 'index',
    loadHistory: (workflowId) => history.get(workflowId),
    saveHistory(workflowId, past) {
      // Moves the most recent one to the end: those are kept longest.
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

/** Adds to the limits and the history what was stored; resolves with the queue as stored. */
async function restored(
  memory: LaneMemory,
  budget: RateBudget,
  history: Map<string, WorkflowHistory>,
): Promise<readonly string[]> {
  const known = await memory.load();
  const { create } = known.budget;
  if (create !== undefined) budget.restore({ create });
  for (const [workflowId, past] of known.history) {
    if (!history.has(workflowId)) history.set(workflowId, past);
  }
  return known.queueOrder;
}

interface Connecting extends Pick<LaneCore, 'clock' | 'budget' | 'admission' | 'poller' | 'queueBefore'> {
  readonly jobs: LaneJobs;
}

/** Connects to the host, whose ports get the layers of a lane. */
function connected(
  host: LaneHost,
  { clock, budget, admission, poller, queueBefore, jobs }: Connecting,
): Pick<LaneCore, 'client' | 'outDirOf' | 'catalog' | 'ports'> {
  const { client, ports: own, outDirOf, keepContext } = host.connect({ budget, clock });
  let made: JobPorts | undefined;
  const hostPorts = (): JobPorts => {
    made ??= own();
    return made;
  };
  const catalog = createCatalogCache((input, options) => hostPorts().loadCatalog(input, options), clock);
  const ports = (): JobPorts =>
    layered(
      hostPorts(),
      catalogCache(catalog),
      startQueue(admission, jobs.factsOf),
      readTurns(poller, (jobId) => jobs.factsOf(jobId)?.workflowId, keepContext),
      afterLoading(queueBefore.then(() => undefined)),
    );
  return { client, outDirOf, catalog, ports };
}

/** Creates the shared parts. After a restart, the queued jobs and the creations of the day must be known. */
export function createLaneCore(options: LaneOptions, host: LaneHost, jobs: LaneJobs): LaneCore {
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
    keyLabel: host.keyLabel,
    clock,
    logger,
    current: () => ({
      budget: createOnly(budget),
      queueOrder: jobs.inOrder().filter((id) => !admission.hasPlace(id)),
      history,
    }),
  });
  onLearned(memory.touch);
  const queueBefore = restored(memory, budget, history);
  return {
    ...connected(host, { clock, budget, admission, poller, queueBefore, jobs }),
    clock,
    random,
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
