import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatedWorkflow,
  type EmulatorModel,
  type FaultRule,
  type LogEntry,
  type PlanName,
} from '../../src/adapters/emulator/index.js';
import { createGoalLane } from '../../src/adapters/node/create-node-lane.js';
import type { JobHandle } from '../../src/engine/job/job-handle.js';
import type { GoalLane } from '../../src/engine/lane/index.js';
import type { JobPorts } from '../../src/machines/ports.js';
import { createRandom } from '../detection-delay/random.js';
import type { Peer } from './peer.js';
import { createVirtualTime, installTimers, type VirtualTime } from './virtual-time.js';

const ROUND_TRIP_MS = 80;

/** Jobs that a contender runs against an emulator of its own, in virtual time. */
export interface Trial {
  readonly plan: PlanName;
  /** Created for each contender, because durations are taken from a list. */
  readonly workflows: () => readonly EmulatedWorkflow[];
  /** The workflow of each job, in the order of their start. */
  readonly orders: readonly string[];
  /** How many jobs the contender runs at once. */
  readonly concurrency: number;
  readonly faults?: readonly FaultRule[];
  readonly seed: number;
}

export interface Outcome {
  readonly jobs: number;
  readonly finished: number;
  /** Jobs on the server beyond one for each that was ordered. */
  readonly duplicates: number;
  readonly refusedReads: number;
  readonly refusedCreates: number;
  readonly statusReads: number;
  /** From the first order to the last finished job, ms. */
  readonly makespanMs: number;
  /** Mean time of a finished job from the first order of all to its own end, ms. */
  readonly meanEndMs: number;
  /** How often a person had to say whether a create had been acted on. */
  readonly questions: number;
  /** Every request of the run. */
  readonly log: readonly LogEntry[];
}

interface Stage {
  readonly time: VirtualTime;
  readonly model: EmulatorModel;
  readonly adapter: ReturnType<typeof createEmulatorAdapter>;
}

function stageFor(trial: Trial): Stage {
  const { plan, workflows, faults = [], seed } = trial;
  const random = createRandom(seed * 104_729).next;
  const time = createVirtualTime();
  const model = createEmulatorModel({ plan, workflows: workflows(), faults, random });
  return { time, model, adapter: createEmulatorAdapter(model, { clock: time, latencyMs: ROUND_TRIP_MS }) };
}

const register = ({ model, time }: Stage, name: string): string =>
  model.registerUpload({ name, bytes: new Uint8Array(3) }, time.now());

interface Run {
  readonly startedAt: number;
  /** Ends of the finished jobs, epoch ms. */
  readonly ends: readonly number[];
  readonly questions: number;
  /** Entries of the log that came before the run. */
  readonly logFrom: number;
}

function outcomeOf({ model }: Stage, trial: Trial, run: Run): Outcome {
  const log = model.log.slice(run.logFrom);
  const created = log.filter(({ effect }) => effect?.type === 'created');
  const refused = log.filter(({ status }) => status === 429);
  const ends = run.ends.map((at) => at - run.startedAt);
  return {
    jobs: trial.orders.length,
    finished: ends.length,
    duplicates: created.length - new Set(created.map(({ body }) => body.fileIds?.[0])).size,
    refusedReads: refused.filter(({ endpoint }) => endpoint === 'status').length,
    refusedCreates: refused.filter(({ endpoint }) => endpoint === 'create').length,
    statusReads: log.filter(({ endpoint }) => endpoint === 'status').length,
    makespanMs: Math.max(0, ...ends),
    meanEndMs: ends.reduce((sum, end) => sum + end, 0) / ends.length,
    questions: run.questions,
    log,
  };
}

/** What is awaited, run to its end or until nothing moves any more. */
async function runOut(time: VirtualTime, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  void work.then(() => {
    isDone = true;
  });
  await time.run(() => isDone);
}

export async function runPeer(peer: Peer, trial: Trial): Promise<Outcome> {
  const stage = stageFor(trial);
  const { time, model, adapter } = stage;
  const run = peer.connect({ baseUrl: model.apiUrl, apiKey: model.apiKey, adapter });
  const waiting = trial.orders.map((workflowId, at) => ({ workflowId, at }));
  const startedAt = time.now();
  const ends: number[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { workflowId, at } = next;
      const fileId = register(stage, `${at}.txt`);
      const isDone = await run({ workflowId, fileId }).then(Boolean, () => false);
      if (isDone) ends.push(time.now());
    }
  };
  const restore = installTimers(time);
  try {
    await runOut(time, Promise.all(Array.from({ length: trial.concurrency }, worker)));
  } finally {
    restore();
  }
  return outcomeOf(stage, trial, { startedAt, ends, questions: 0, logFrom: 0 });
}

function filesOf(stage: Stage, uploaded: Map<string, string>): Partial<JobPorts> {
  return {
    inspectFiles: async ({ handles }) => handles.map((handle) => ({ handle, name: handle, bytes: 3 })),
    async uploadFile({ file }) {
      const fileId = register(stage, file.name);
      uploaded.set(file.handle, fileId);
      return { fileId };
    },
  };
}

/** As a person with the account before them answers: there is such a job, or there is none. */
function answer({ model }: Stage, handle: JobHandle, fileId: string | undefined): void {
  const found = model.log.find(
    ({ effect, body }) => effect?.type === 'created' && body.fileIds?.[0] === fileId,
  );
  if (found?.effect?.type === 'created') handle.send({ type: 'ADOPT', jobSpecId: found.effect.jobSpecId });
  else handle.send({ type: 'RETRY' });
}

async function runOrders(stage: Stage, lane: GoalLane, trial: Trial, uploaded: Map<string, string>) {
  const { time, model } = stage;
  const startedAt = time.now();
  const logFrom = model.log.length;
  const ends: number[] = [];
  let questions = 0;
  const jobs = trial.orders.map(async (workflowId, at) => {
    const file = `${logFrom}-${at}.txt`;
    const handle = lane.start({ workflowId, files: [file], delivery: 'link' });
    handle.on('outcomeUnknown', () => {
      questions += 1;
      answer(stage, handle, uploaded.get(file));
    });
    const { status } = await handle.result();
    if (status === 'completed') ends.push(time.now());
  });
  await runOut(time, Promise.all(jobs));
  return { ends, questions, startedAt, logFrom };
}

/** Ours. With `rehearsals` the lane has run as many jobs of the same workflows before, so that it knows them. */
export async function runLane(trial: Trial, rehearsals = 0): Promise<Outcome> {
  const stage = stageFor(trial);
  const uploaded = new Map<string, string>();
  const lane = createGoalLane({
    apiKey: stage.model.apiKey,
    baseUrl: stage.model.apiUrl,
    plan: trial.plan,
    concurrency: trial.concurrency,
    clock: stage.time,
    adapter: stage.adapter,
    random: createRandom(trial.seed * 31).next,
    ports: filesOf(stage, uploaded),
  });
  for (let round = 0; round < rehearsals; round += 1) await runOrders(stage, lane, trial, uploaded);
  const run = await runOrders(stage, lane, trial, uploaded);
  await runOut(stage.time, lane.close());
  return outcomeOf(stage, trial, run);
}
