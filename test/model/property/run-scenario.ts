import type { AxiosAdapter } from 'axios';
import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatorModel,
  type FaultRule,
} from '../../../src/adapters/emulator/index.js';
import { endpointNamed } from '../../../src/adapters/emulator/model/endpoint-names.js';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { type Clock, wallOffsetOf } from '../../../src/engine/binding/clock.js';
import { createJobBinding } from '../../../src/engine/job/bind-ports.js';
import { createInFlight, type InFlight } from '../../../src/engine/job/in-flight.js';
import type { JobActor } from '../../../src/engine/job/job-actor.js';
import type { JobHandle } from '../../../src/engine/job/job-handle.js';
import { runBoundJob } from '../../../src/engine/job/run-bound-job.js';
import { statePath } from '../../../src/engine/job/view/view-of.js';
import type { JobOutput } from '../../../src/machines/job-output.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { createGoalClient } from '../../../src/services/index.js';
import type { RateBudget } from '../../../src/services/limits/rate-budget.js';
import { createSteppingClock, type SteppingClock } from '../../support/stepping-clock.js';
import { createHeapClock, type HeapClock } from './heap-clock.js';
import { memoryPorts, openInMemory } from './memory-ports.js';
import { type AtWork, putToWork } from './person.js';
import type { Scenario } from './scenario.js';
import { letSecondAct, type SecondActor } from './second-actor.js';
import { turnDecoders } from './turn-decoders.js';
import { overdue, watchWaits } from './watch-waits.js';
import { ANYTHING, type Wire, watchWire } from './watch-wire.js';

/** The emulated world of one run. */
interface Scene {
  /** The time that passes, which the server and the world go by. */
  readonly clock: HeapClock;
  /** The client's: its wall clock is set now and then. */
  readonly ownClock: Clock;
  /** From now on the wall clock is not set. */
  readonly leaveAlone: () => void;
  readonly model: EmulatorModel;
  readonly wire: Wire;
  readonly ports: JobPorts;
  readonly results: Map<string, Buffer>;
  readonly inFlight: InFlight;
  readonly random: () => number;
}

/** What is left to judge when a run is over. */
export interface Run extends Pick<Scene, 'clock' | 'model' | 'wire' | 'results'> {
  readonly scenario: Scenario;
  readonly second: SecondActor;
  readonly person: AtWork;
  /** How it ended; undefined where it stood still, waiting for a person. */
  readonly output: JobOutput | undefined;
  /** Its state, and why, before it was detached. */
  readonly standing: {
    readonly path: string;
    readonly tags: readonly string[];
    readonly asked: string | undefined;
  };
  readonly retries: number;
  /** Breaches seen while it ran. */
  readonly seen: readonly string[];
  /** What was left behind once it was over. */
  readonly left: { readonly timers: number; readonly requests: number; readonly isIdle: boolean };
}

/** Longer than all waits that a scenario can script: one creation a day, repeated by policy as often as retries go, and some more. */
const LIMIT = { days: 20, timers: 60_000 };
const DAY_MS = 86_400_000;

/** Binding costs milliseconds, and one bound machine serves all runs: it finds their worlds by the job's id. */
let current: Scene | undefined;
const scene = (): Scene => {
  if (current === undefined) throw new Error('no run is under way');
  return current;
};

const later = <Name extends keyof JobPorts>(name: Name): JobPorts[Name] =>
  // Typed by name on both sides; TypeScript cannot see that the arguments of one port are those of the same port.
  ((...args: Parameters<JobPorts[Name]>) =>
    Reflect.apply(scene().ports[name], undefined, args)) as JobPorts[Name];

const delegates: JobPorts = {
  loadCatalog: later('loadCatalog'),
  inspectFiles: later('inspectFiles'),
  uploadFile: later('uploadFile'),
  createJob: later('createJob'),
  getJob: later('getJob'),
  fillSlots: later('fillSlots'),
  confirmJob: later('confirmJob'),
  getStatus: later('getStatus'),
  getDownload: later('getDownload'),
  saveResult: later('saveResult'),
  startTurn: later('startTurn'),
  waitUntil: later('waitUntil'),
  pollTurn: later('pollTurn'),
};

const bound = (lookAhead: boolean) =>
  createJobBinding(delegates, {
    clock: {
      now: () => scene().ownClock.now(),
      schedule: (at, callback) => scene().ownClock.schedule(at, callback),
    },
    random: () => scene().random(),
    lookAhead,
  });
const lookingAhead = bound(true);
const wakingForEachRead = bound(false);

/** A client that is broken on purpose: shows that the invariants see it. */
export interface Sabotage {
  readonly ports?: (ports: JobPorts, scene: Pick<Scene, 'clock' | 'results'>) => JobPorts;
  readonly budget?: RateBudget;
  readonly adapter?: (inner: AxiosAdapter) => AxiosAdapter;
  readonly clock?: (clock: SteppingClock, truth: HeapClock) => Clock;
}

/** The client's clock, and what is done to it. */
function clockOf(steps: Scenario['steps'], truth: HeapClock, sabotage: Sabotage | undefined) {
  const clock = createSteppingClock(truth);
  const cancels = steps.map(({ afterMs, byMs }) =>
    truth.schedule(truth.now() + afterMs, () => clock.set(byMs)),
  );
  const leaveAlone = (): void => {
    for (const cancel of cancels) cancel();
  };
  return { ownClock: sabotage?.clock?.(clock, truth) ?? clock, leaveAlone };
}

/**
 * The generator mixes freely, and a plan refuses by name what can have no effect on an endpoint: a predicate picks the same
 * requests.
 */
function mixed({ on, ...rule }: FaultRule): FaultRule {
  if (on === undefined) return rule;
  const endpoints = [on].flat().map(endpointNamed);
  return { ...rule, when: ({ endpoint }) => endpoints.some((one) => one === endpoint) };
}

function buildScene(
  { seed, start, latencyMs, server, workflow, fileBytes, faults, steps }: Scenario,
  sabotage?: Sabotage,
): Scene {
  const clock = createHeapClock(start);
  const { ownClock, leaveAlone } = clockOf(steps, clock, sabotage);
  const random = seededRandom(seed);
  const apiKey = 'key-that-must-not-leak';
  const model = createEmulatorModel({
    ...server,
    apiKeys: [apiKey],
    workflows: [workflow],
    faults: faults.map(mixed),
    random,
  });
  const transport = createEmulatorAdapter(model, {
    clock,
    latencyMs: () => 1 + Math.floor(random() * latencyMs),
  });
  const wire = watchWire(transport, clock, apiKey);
  const files = new Map(
    fileBytes.map((bytes, index) => [`file-${index}.txt`, new Uint8Array(bytes).fill(65 + index)]),
  );
  const results = new Map<string, Buffer>();
  const memory = { files, results };
  const client = createGoalClient({
    apiKey,
    baseUrl: model.apiUrl,
    adapter: sabotage?.adapter?.(wire.adapter) ?? wire.adapter,
    ...(sabotage?.budget ? { budget: sabotage.budget } : {}),
    now: ownClock.now,
    wallOffset: () => wallOffsetOf(ownClock),
    openFile: openInMemory(memory),
    decoders: turnDecoders,
  });
  const ports = memoryPorts(client, ownClock, memory);
  const inFlight = createInFlight();
  return {
    clock,
    ownClock,
    leaveAlone,
    model,
    wire,
    ports: sabotage?.ports?.(ports, { clock, results }) ?? ports,
    results,
    inFlight,
    random,
  };
}

/** An answer is to the question that the version stands for, or it would be given to another. */
function misdirected(job: JobHandle & { readonly actor: JobActor }, wire: Wire): string | undefined {
  const { value, context } = job.actor.getSnapshot();
  const { question, jobSpecId, itemVersion } = context;
  if (question === undefined || itemVersion === undefined) return undefined;
  const path = statePath(value);
  const isAnswering = path.endsWith('.filling') || path === 'confirming.sending';
  const meant = question.checkpoint === undefined ? 'pending' : question.checkpoint.checkpointId;
  // A server that insists for long enough is believed: then the confirm alone is repeated, which can do no harm.
  if (question.wasConfirmed === true && path === 'confirming.sending') return undefined;
  // A server that never names its checkpoint leaves nothing to identify it by.
  if (!isAnswering || meant === '') return undefined;
  const shown = wire.shownAt(jobSpecId ?? '', itemVersion);
  if (shown.size === 0 || shown.has(meant) || shown.has(ANYTHING)) return undefined;
  return `${path} answers ${meant} under version ${itemVersion}, which was shown with ${[...shown].join()}`;
}

/** Breaches that only the machine's own snapshots show. */
function watchContext(job: JobHandle & { readonly actor: JobActor }, wire: Wire, seen: string[]): void {
  let last: { readonly jobSpecId: string | undefined; readonly itemVersion: number } | undefined;
  job.actor.subscribe(({ context: { jobSpecId, itemVersion } }) => {
    const isSame = last !== undefined && last.jobSpecId === jobSpecId;
    if (isSame && last !== undefined && (itemVersion === undefined || itemVersion < last.itemVersion))
      seen.push(`the item version went from ${last.itemVersion} to ${itemVersion}`);
    if (itemVersion !== undefined) last = { jobSpecId, itemVersion };
    const mistake = misdirected(job, wire);
    if (mistake !== undefined) seen.push(mistake);
  });
}

/** What the job asked last, by the event that asked. */
function rememberAsking(handle: JobHandle): () => string | undefined {
  let asked: string | undefined;
  for (const type of ['inputNeeded', 'confirmNeeded', 'outcomeUnknown'] as const)
    handle.on(type, () => {
      asked = type;
    });
  return () => asked;
}

async function isIdle({ clock, inFlight }: Scene): Promise<boolean> {
  let idle = false;
  void inFlight.idle().then(() => {
    idle = true;
  });
  await clock.settle();
  return idle;
}

/** Plays a scenario to its end, or to where only a person could continue; then detaches. */
export async function runScenario(
  scenario: Scenario,
  sabotage?: Sabotage,
  onStart?: (job: JobHandle & { readonly actor: JobActor }) => void,
): Promise<Run> {
  const built = buildScene(scenario, sabotage);
  current = built;
  const { clock, ownClock, model, wire, results, inFlight } = built;
  const input = {
    workflowId: scenario.workflow.specId,
    files: scenario.fileBytes.map((_, index) => `file-${index}.txt`),
  };
  const binding = scenario.lookAhead ? lookingAhead : wakingForEachRead;
  const job = runBoundJob({
    binding,
    inFlight,
    clock: ownClock,
    id: 'job',
    input: { ...input, ...scenario.options },
  });
  const seen: string[] = [];
  let retries = 0;
  watchContext(job, wire, seen);
  watchWaits(job.actor, ownClock, clock, seen);
  job.on('retrying', ({ call }) => {
    if (call === 'creating') retries += 1;
  });
  const asked = rememberAsking(job);
  const person = putToWork(scenario, job, model, clock);
  const second = letSecondAct(scenario.seconds, model, clock);
  onStart?.(job);
  const isOver = (): boolean => job.actor.getSnapshot().status !== 'active';
  await clock.runUntil(isOver, { at: scenario.start + LIMIT.days * DAY_MS, timers: LIMIT.timers });
  const output = isOver() ? await job.result() : undefined;
  const { path, tags } = job.view();
  if (output === undefined && clock.pending() > 0)
    seen.push(`no end in sight: ${path} after ${clock.fired()} timers`);
  seen.push(...overdue(job.actor, scenario.options.deadlineAt, clock));
  person.leave();
  built.leaveAlone();
  second.leave();
  job.send({ type: 'DETACH' });
  const idle = await isIdle(built);
  await clock.settle();
  const left = { timers: clock.pending(), requests: wire.underWay(), isIdle: idle };
  const standing = { path, tags, asked: asked() };
  return { scenario, clock, model, wire, results, second, person, output, standing, retries, seen, left };
}
