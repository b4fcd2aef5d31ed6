import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { type GoalJobMachine, machineFor } from '../../machines/goal-job-machine.js';
import { createJobContext } from '../../machines/job-context.js';
import type { JobEmitted, JobEvent } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { Failure } from '../../services/failure.js';
import type { InterpretedJob, OpenCall, Step, Stimulus } from './interpreted-job.js';
import { type Invocation, invocationsAt } from './position.js';

type Snapshot = SnapshotFrom<GoalJobMachine>;
/** The actions that XState returns for execution; built-in ones are only partly typed. */
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
    // Boundary: the chart emits only what `setup` declares.
    return [(params as { readonly event: JobEmitted }).event];
  });

const activeIds = (snapshot: Snapshot): ReadonlySet<string> =>
  new Set(
    snapshot.status === 'active' ? snapshot._nodes.flatMap((node) => node.invoke.map(({ id }) => id)) : [],
  );

/** If an actor is started several times in one step, only the last start counts. */
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

/**
 * If a guard or an action throws, XState's pure functions throw. The job is then parked, because a durable engine would repeat
 * the step forever.
 */
function parked(job: InterpretedJob, error: unknown): Step {
  const failure: Failure = {
    kind: 'internal',
    message: `the chart threw: ${error instanceof Error ? error.message : String(error)}`,
    advice: 'Report this. The job may be alive on the server: attach to it by its id.',
    delivery: 'unknown',
  };
  return { job: { ...job, status: 'error', failure, open: [] }, started: [], stopped: job.open, emitted: [] };
}

/** The chart's event for a stimulus; undefined for an answer to a call that is no longer open. */
function eventOf(job: InterpretedJob, stimulus: Stimulus): JobEvent | undefined {
  if (stimulus.type === 'command') return stimulus.command;
  const call = job.open.find(({ token }) => token === stimulus.token);
  if (call === undefined) return undefined;
  if (stimulus.type === 'signal') return stimulus.signal;
  const event =
    stimulus.type === 'reply'
      ? { type: `xstate.done.actor.${call.id}`, actorId: call.id, output: stimulus.reply }
      : { type: `xstate.error.actor.${call.id}`, actorId: call.id, error: stimulus.error };
  // Boundary: XState's events for actors are not among the declared events of the machine.
  return event as JobEvent;
}

/** Starts a job, like `createActor(...).start()`, but as data. */
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
 * One step of a job: what an actor does with an event, as data. An ended job does not change, nor does an answer to a call that
 * is not open have an effect (delivered twice, or too late). Never throws.
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
 * Adapts a stored job to this release's chart, after a migration or an upgrade: drops calls that the chart no longer makes in
 * this state, and starts those that it makes and that are not open. New context fields get their initial values. The state itself
 * must exist in the chart (`isInChart`).
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
