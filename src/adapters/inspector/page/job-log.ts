import type { ChartStep } from '../../chart/live-chart.js';
import type { ActorMessage, InspectionMessage, VisibleSnapshot } from '../inspection-message.js';
import { isSnapshot, type JobStep, pathOf, stepOf } from './job-steps.js';

/** A job as the page knows it. */
export interface KnownJob {
  readonly chart: ActorMessage;
  readonly steps: JobStep[];
  /** The steps before the oldest one that is kept. */
  before: ChartStep[];
}

export interface JobLog {
  readonly jobs: ReadonlyMap<string, KnownJob>;
  readonly add: (message: InspectionMessage) => void;
  /** The oldest and newest step that can be shown. */
  readonly range: () => readonly [first: number, last: number];
  readonly clear: () => void;
}

/** Only machines have states. */
export const isChart = (message: InspectionMessage): message is ActorMessage =>
  message.type === '@xstate.actor' && message.definition.includes('"states":{');

/** Messages that can be stepped through, across all jobs. */
const MAX_STEPS = 500;

const standing = (snapshot: VisibleSnapshot): ChartStep[] =>
  snapshot.value === undefined ? [] : [{ to: pathOf(snapshot.value) }];

/** Keeps the latest steps of all jobs, in order of arrival. */
export function createJobLog(): JobLog {
  const jobs = new Map<string, KnownJob>();
  const order: string[] = [];
  let last = 0;

  const forgetOldest = (): void => {
    const job = jobs.get(order.shift() ?? '');
    const step = job?.steps.shift();
    // Visited transitions stay marked; each needs to be kept only once.
    if (job === undefined || step === undefined) return;
    const known = new Set(job.before.map(({ from, to }) => `${from} ${to}`));
    const fresh = step.ways.filter(({ from, to }) => !known.has(`${from} ${to}`));
    const standsAt = step.ways.at(-1);
    job.before = [...job.before, ...fresh, ...(standsAt === undefined ? [] : [standsAt])].slice(-300);
  };

  const addChart = (message: ActorMessage): void => {
    if (jobs.has(message.sessionId)) return;
    jobs.set(message.sessionId, { chart: message, steps: [], before: [] });
  };

  return {
    jobs,
    add(message) {
      if (isChart(message)) return addChart(message);
      const job = jobs.get(message.sessionId);
      if (job === undefined || !isSnapshot(message)) return;
      last += 1;
      const at = job.steps.at(-1)?.path ?? job.before.at(-1)?.to;
      job.steps.push(stepOf(message, at, last));
      order.push(message.sessionId);
      if (order.length > MAX_STEPS) forgetOldest();
    },
    range: () => [Math.max(1, last - order.length + 1), last],
    clear() {
      jobs.clear();
      order.length = 0;
    },
  };
}

/** The steps of a job until a point in time. If only the end of a job is known: its current state. */
export function stepsUntil(
  { steps, before, chart }: KnownJob,
  seq: number,
): {
  readonly shown: readonly JobStep[];
  readonly walk: readonly ChartStep[];
} {
  const shown = steps.filter((step) => step.seq <= seq);
  const walk = [...before, ...shown.flatMap(({ ways }) => ways)];
  return { shown, walk: walk.length > 0 || steps.length > 0 ? walk : standing(chart.snapshot) };
}
