import type { AttachInput, JobInput } from '../../machines/job-input.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor } from '../../services/redaction/redactor.js';
import { refuseInput } from '../../services/refuse-input.js';
import { wallTimeOf } from '../binding/clock.js';
import { freshId } from '../binding/fresh-id.js';
import { TimeSlice } from '../durable/index.js';
import { checkJobInput } from '../job/check-job-input.js';
import { checkJobOptions } from '../job/check-job-options.js';
import type { JobHandle } from '../job/job-handle.js';
import type { TypedHandle, TypedJobInput, WorkflowId } from '../job/typed/register.js';
import type { QueueRank } from '../store/record/job-record.js';
import { checkLaneOptions, checkStartOptions } from './check-lane-options.js';
import { createClose } from './close-lane.js';
import type {
  GoalLane,
  LaneBudget,
  LaneHost,
  LaneOptions,
  LaneResumption,
  LaneStartOptions,
} from './goal-lane.js';
import { memoryBackend, storedBackend } from './job-backends.js';
import { keptJobs } from './kept-jobs.js';
import { createLaneCore, type LaneCore } from './lane-core.js';
import { createLaneEvents } from './lane-events.js';
import type { LaneJobFacts } from './lane-job-facts.js';
import { createLaneJobs } from './lane-jobs.js';
import type { LaneParts } from './lane-parts.js';
import { LaneWatch } from './lane-view.js';
import { storedBudget } from './reads/stored-budget.js';
import { createQueueOrder, type QueueOrder } from './starts/queue-order.js';

/** Adds the job to the lane until it ends. */
function admit({ core, jobs, events, watch }: LaneParts, handle: JobHandle): JobHandle {
  jobs.add(handle);
  events.follow(handle);
  watch.changed();
  void handle.result().then(() => {
    jobs.end(handle.id);
    watch.changed();
    core.poller.forget(handle.id);
    core.admission.release(handle.id);
    core.memory.touch();
  });
  core.memory.touch();
  return handle;
}

/** Written out: spread objects do not share their hidden class, which is twice as large as what is in them. */
const factsOf = ({ priority, order }: QueueRank, workflowId: string | undefined): LaneJobFacts => ({
  priority,
  order,
  workflowId,
});

function createStart(parts: LaneParts, order: QueueOrder, isClosed: () => boolean): GoalLane['start'] {
  const { jobs, backend } = parts;
  function start<const Id extends WorkflowId, const Files extends readonly string[]>(
    options: (TypedJobInput<Id, Files> | AttachInput) & LaneStartOptions,
  ): TypedHandle<JobHandle, Id>;
  function start(options: JobInput & LaneStartOptions): JobHandle {
    if (isClosed()) refuseInput(['the lane is closed'], 'Create a new lane.');
    checkJobInput(options);
    checkStartOptions(options);
    const { id = freshId(), priority, ...input } = options;
    if (jobs.isActive(id))
      refuseInput([`the lane runs a job ${id} already`], 'Give each job an id of its own.');
    const queue = order.next(priority);
    jobs.announce(id, factsOf(queue, input.workflowId));
    // Boundary: TypeScript does not see that the rest of the union is a JobInput again.
    return admit(parts, backend.start(id, input as JobInput, queue));
  }
  return start;
}

function createResume(parts: LaneParts, order: QueueOrder, isClosed: () => boolean): GoalLane['resume'] {
  const { core, backend, jobs } = parts;
  return async (ids, changes): Promise<LaneResumption> => {
    if (isClosed()) refuseInput(['the lane is closed'], 'Create a new lane.');
    if (changes !== undefined) checkJobOptions(changes);
    const stored = order.resumed(await backend.resumable(ids), await core.queueBefore);
    const handles: JobHandle[] = [];
    const refused: { id: string; error: unknown }[] = [];
    const slice = new TimeSlice();
    for (const { id, queue, hasPlace } of stored) {
      await slice.pause();
      if (jobs.isActive(id)) continue;
      jobs.announce(id, factsOf(queue, undefined));
      if (hasPlace) core.admission.created(id);
      try {
        handles.push(admit(parts, await backend.resume(id, changes)));
      } catch (error) {
        refused.push({ id, error });
        jobs.end(id);
        core.admission.release(id);
      }
    }
    return { handles, refused };
  };
}

function budgetOf({ budget, governor, admission, clock }: LaneCore): LaneBudget {
  const view = governor.view();
  const { resetAt, blockedUntil } = view;
  return {
    endpoints: storedBudget(budget.snapshot(), clock),
    statusReads: {
      ...view,
      ...(resetAt === undefined ? {} : { resetAt: wallTimeOf(clock, resetAt) }),
      ...(blockedUntil === undefined ? {} : { blockedUntil: wallTimeOf(clock, blockedUntil) }),
    },
    places: { ...admission.places, waiting: admission.waiting },
  };
}

/** Creates a lane: all jobs of one API key, on the client and the ports of a host. @throws InvalidInputError for an invalid option */
export function createLane(given: LaneOptions, host: LaneHost): GoalLane {
  checkLaneOptions(given);
  const { logger } = given;
  const options =
    logger === undefined
      ? given
      : { ...given, logger: redactingLogger(logger, createRedactor([String(given.apiKey)])) };
  const jobs = createLaneJobs();
  const core = createLaneCore(options, host, jobs);
  const { clock, random, ports, outDirOf, queueWatch: surroundings } = core;
  // What is spread stands last: an object that begins with a spread gets a hidden class of its own.
  const shared = { outDirOf, clock, random, surroundings };
  const backend =
    options.store === undefined
      ? memoryBackend(ports, Object.assign({}, options, shared))
      : storedBackend(options.store, Object.assign({}, options, shared, { ports: ports() }));
  const events = createLaneEvents(options.logger);
  const watch = new LaneWatch(jobs.list, options.logger);
  const parts: LaneParts = { core, backend, jobs, events, watch };
  const order = createQueueOrder(clock.now);
  const { close, isClosed } = createClose(parts);
  return {
    start: createStart(parts, order, isClosed),
    resume: createResume(parts, order, isClosed),
    view: () => watch.view(),
    subscribe: (listener) => watch.subscribe(listener),
    jobs: jobs.list,
    job: jobs.find,
    events: ({ signal } = {}) => events.reader(signal),
    on: events.listen,
    catalog: core.catalog.catalog,
    budget: () => budgetOf(core),
    ...keptJobs(parts),
    close,
    [Symbol.asyncIterator]: () => events.reader(),
  };
}
