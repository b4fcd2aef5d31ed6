import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { type GoalJobMachine, machineFor } from '../../machines/goal-job-machine.js';
import { createJobContext } from '../../machines/job-context.js';
import type { JobEmitted, JobEvent } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { Failure } from '../../services/failure.js';
import type { InterpretedJob, OpenCall, Step, Stimulus } from './interpreted-job.js';
import { type Invocation, invocationsAt } from './position.js';

type Snapshot = SnapshotFrom<GoalJobMachine>;
/** An action that XState leaves to be executed; its built-in ones are typed in part only. */
type Effects = readonly { readonly type: string; readonly params: unknown }[];

/** The actors that the chart started in a step, in order. */
const spawnedBy = (effects: Effects): readonly Invocation[] =>
  effects.flatMap(({ type, params }) => {
    if (type !== 'xstate.spawnChild') return [];
    // Boundary: the parameters of XState's built-in action.
    const { id, src, input } = params as Invocation;
    return [{ id, src: String(src), input }];
  });

const emittedBy = (effects: Effects): readonly JobEmitted[] =>
  effects.flatMap(({ type, params }) => {
    if (type !== 'xstate.emit') return [];
    // Boundary: the chart emits nothing but what `setup` declares.
    return [(params as { readonly event: JobEmitted }).event];
  });

const activeIds = (snapshot: Snapshot): ReadonlySet<string> =>
  new Set(
    snapshot.status === 'active' ? snapshot._nodes.flatMap((node) => node.invoke.map(({ id }) => id)) : [],
  );

/** Of several starts of one actor within a step the last is the one that counts. */
function openedBy(effects: Effects, snapshot: Snapshot, startedBefore: number): readonly OpenCall[] {
  const active = activeIds(snapshot);
  const byId = new Map<string, Invocation>();
  for (const invocation of spawnedBy(effects))
    if (active.has(invocation.id)) byId.set(invocation.id, invocation);
  return [...byId.values()].map((invocation, index) => ({
    ...invocation,
    token: `${startedBefore + index + 1}`,
  }));
}

function stepTo(
  before: Pick<InterpretedJob, 'open' | 'started'>,
  [snapshot, effects]: readonly [Snapshot, Effects],
  answered: string | undefined,
): Step {
  const started = openedBy(effects, snapshot, before.started);
  const [active, restarted] = [activeIds(snapshot), new Set(started.map(({ id }) => id))];
  const waiting = before.open.filter(({ token }) => token !== answered);
  const isKept = ({ id }: OpenCall): boolean => active.has(id) && !restarted.has(id);
  const { status, value, context, output } = snapshot;
  return {
    job: {
      status: status === 'active' ? 'active' : 'done',
      value,
      context,
      ...(status === 'done' && output !== undefined ? { output } : {}),
      open: [...waiting.filter(isKept), ...started],
      started: before.started + started.length,
    },
    started,
    stopped: waiting.filter((call) => !isKept(call)),
    emitted: emittedBy(effects),
  };
}

const nothing = (job: InterpretedJob): Step => ({ job, started: [], stopped: [], emitted: [] });

/** A guard or an action that throws, throws out of XState's pure functions: the job is parked, or a durable engine would repeat the step for ever. */
function parked(job: InterpretedJob, error: unknown): Step {
  const failure: Failure = {
    kind: 'internal',
    message: `the chart threw: ${error instanceof Error ? error.message : String(error)}`,
    advice: 'Report this. The job may be alive on the server: attach to it by its id.',
    delivery: 'unknown',
  };
  return { job: { ...job, status: 'error', failure, open: [] }, started: [], stopped: job.open, emitted: [] };
}

/** The chart's event for a stimulus; undefined for an answer that nobody waits for any more. */
function eventOf(job: InterpretedJob, stimulus: Stimulus): JobEvent | undefined {
  if (stimulus.type === 'command') return stimulus.command;
  const call = job.open.find(({ token }) => token === stimulus.token);
  if (call === undefined) return undefined;
  if (stimulus.type === 'signal') return stimulus.signal;
  const event =
    stimulus.type === 'reply'
      ? { type: `xstate.done.actor.${call.id}`, actorId: call.id, output: stimulus.reply }
      : { type: `xstate.error.actor.${call.id}`, actorId: call.id, error: stimulus.error };
  // Boundary: to XState the answer of an actor is an event of its own, outside the machine's declared ones.
  return event as JobEvent;
}

/** Starts a job: what `createActor(...).start()` does, as data. */
export function beginJob(input: JobInput): Step {
  const first = {
    value: {},
    context: createJobContext(input),
    open: [],
    started: 0,
    status: 'active',
  } as const;
  try {
    return stepTo(first, initialTransition(machineFor(input), input), undefined);
  } catch (error) {
    return parked(first, error);
  }
}

/**
 * One step of a job: what an actor does with an event, as data. Nothing happens to a job that has ended, nor by an answer to a call
 * that is not open (the same answer delivered twice, or one that came too late). Never throws.
 */
export function stepJob(job: InterpretedJob, stimulus: Stimulus): Step {
  if (job.status !== 'active') return nothing(job);
  const event = eventOf(job, stimulus);
  if (event === undefined) return nothing(job);
  const answered = stimulus.type === 'reply' || stimulus.type === 'crash' ? stimulus.token : undefined;
  try {
    const machine = machineFor(job.context.input);
    const snapshot = machine.resolveState({ value: job.value, context: job.context });
    return stepTo(job, transition(machine, snapshot, event), answered);
  } catch (error) {
    return parked(job, error);
  }
}

/**
 * A stored job fitted to this release's chart, after a migration or an upgrade: calls that the chart does not make here any more are
 * dropped, and those that it makes and that are not open are started. Fields of the context that a younger release has added begin
 * as in a new job. The state itself must be one of the chart's (`isInChart`).
 */
export function rearmJob(job: InterpretedJob): Step {
  if (job.status !== 'active') return nothing(job);
  const context = { ...createJobContext(job.context.input), ...job.context };
  const wanted = invocationsAt({ value: job.value, context });
  const isWanted = (call: OpenCall): boolean =>
    wanted.some(({ id, src }) => id === call.id && src === call.src);
  const kept = job.open.filter(isWanted);
  const started = wanted
    .filter(({ id }) => !kept.some((call) => call.id === id))
    .map((invocation, index) => ({ ...invocation, token: `${job.started + index + 1}` }));
  return {
    job: { ...job, context, open: [...kept, ...started], started: job.started + started.length },
    started,
    stopped: job.open.filter((call) => !isWanted(call)),
    emitted: [],
  };
}
