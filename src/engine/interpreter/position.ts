import type { AnyMachineSnapshot, Snapshot, StateValue } from 'xstate';
import { machineFor } from '../../machines/goal-job-machine.js';
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

const inChart = ({ value, context }: Position): AnyMachineSnapshot =>
  machineFor(context.input).resolveState({ value, context });

/** Whether this release's chart has the state. */
export function isInChart(position: Position): boolean {
  try {
    inChart(position);
    return true;
  } catch {
    return false;
  }
}

/** The part of XState's invoke definition from which a persisted child is built. */
interface Invoke {
  readonly id: string;
  readonly src: unknown;
  readonly input?: unknown;
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
export const invocationsAt = (position: Position): readonly Invocation[] => {
  const invokes: readonly Invoke[] = inChart(position)._nodes.flatMap((node) => node.invoke);
  return invokes.map(({ id, src, input }) => ({
    id,
    src: String(src),
    input: inputOf(input, position.context),
  }));
};

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
