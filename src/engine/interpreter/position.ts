import type { AnyMachineSnapshot, Snapshot, StateValue } from 'xstate';
import { type GoalJobMachine, machineFor } from '../../machines/goal-job-machine.js';
import type { JobContext } from '../../machines/job-context.js';

/** The state and context of a job: enough to continue anywhere else. */
export interface Position {
  readonly value: StateValue;
  readonly context: JobContext;
}

/** The two levels of a state value: the lifecycle state and the step within it. */
export interface StatePath {
  readonly lifecycle: string;
  readonly step: string;
}

export function statePathOf(value: StateValue): StatePath {
  if (typeof value === 'string') return { lifecycle: value, step: '' };
  const [lifecycle = '', step = ''] = Object.entries(value)[0] ?? [];
  return { lifecycle, step: typeof step === 'string' ? step : '' };
}

/** The same job in another state. */
export const movedTo = (lifecycle: string, step: string, context: JobContext): Position => ({
  value: { [lifecycle]: step },
  context,
});

/** The part of XState's invoke definition from which a persisted child is built. */
interface Invoke {
  readonly id: string;
  readonly src: unknown;
  readonly input?: unknown;
}

/** What the chart says of a state: the same for all jobs that are in it. */
interface ChartState {
  readonly value: StateValue;
  readonly invokes: readonly Invoke[];
}

function chartState(machine: GoalJobMachine, { value, context }: Position): ChartState {
  const resolved: AnyMachineSnapshot = machine.resolveState({ value, context });
  return { value: resolved.value, invokes: resolved._nodes.flatMap((node) => node.invoke) };
}

/** The names of a state in the chart's own two levels; undefined for any other value, as a damaged record may have. */
function namesOf(value: StateValue): readonly [string, string?] | undefined {
  if (typeof value === 'string') return [value];
  const [first, ...more] = Object.entries(value);
  return first !== undefined && more.length === 0 && typeof first[1] === 'string'
    ? [first[0], first[1]]
    : undefined;
}

/** Looked up once: to resolve a state costs as much as a step of the machine, and each record of a job needs it. */
const chartStates = new Map<GoalJobMachine, Map<string, ChartState>>();

function inChart(position: Position): ChartState {
  const machine = machineFor(position.context.input);
  const name = JSON.stringify(position.value);
  const known = chartStates.get(machine) ?? new Map<string, ChartState>();
  chartStates.set(machine, known);
  const state = known.get(name) ?? chartState(machine, position);
  known.set(name, state);
  return state;
}

/**
 * Whether this release's chart has the state. XState resolves more than that: a value that names no state or several, or an inherited
 * property, in which a job would stay for ever.
 */
export function isInChart({ value, context }: Position): boolean {
  try {
    const [lifecycle = '', step] = namesOf(value) ?? [];
    const { states } = machineFor(context.input);
    const state = Object.hasOwn(states, lifecycle) ? states[lifecycle] : undefined;
    return state !== undefined && (step === undefined || Object.hasOwn(state.states, step));
  } catch {
    return false;
  }
}

const inputOf = (mapper: unknown, context: JobContext): unknown =>
  typeof mapper === 'function' ? mapper({ context, event: { type: 'goal-lane.restore' } }) : mapper;

/** An actor that a state of the chart invokes, with the input computed from the context. */
export interface Invocation {
  readonly id: string;
  readonly src: string;
  readonly input: unknown;
}

/** What the chart invokes at a position, including the deadline of the job if it has one. */
export const invocationsAt = (position: Position): readonly Invocation[] =>
  inChart(position).invokes.map(({ id, src, input }) => ({
    id,
    src: String(src),
    input: inputOf(input, position.context),
  }));

/** A position in XState's persisted form, including invoked actors: `createActor` with this snapshot starts them again. */
export function snapshotAt(position: Position): Snapshot<unknown> {
  const children = invocationsAt(position).map(({ id, src, input }) => [
    id,
    { src, syncSnapshot: false, snapshot: { status: 'active', input } },
  ]);
  const persisted = {
    status: 'active' as const,
    output: undefined,
    error: undefined,
    value: inChart(position).value,
    historyValue: {},
    context: position.context,
    children: Object.fromEntries(children),
  };
  return persisted;
}
