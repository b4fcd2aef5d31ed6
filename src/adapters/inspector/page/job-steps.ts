import type { ChartStep } from '../../chart/live-chart.js';
import type { InspectionMessage, Json, SnapshotMessage } from '../inspection-message.js';

/** One message of a job: an event and its transitions. */
export interface JobStep {
  /** Counts across all jobs, so that they are stepped together. */
  readonly seq: number;
  readonly message: SnapshotMessage;
  /** Usually one; none if the job did not change its state. */
  readonly ways: readonly ChartStep[];
  readonly path: string;
  readonly title: string;
}

/** `{ executing: 'reading' }` as `executing.reading`. */
export function pathOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return Object.entries(value ?? {})
    .map(([key, inner]) => `${key}.${pathOf(inner)}`)
    .join(' ');
}

/** The event of an actor is named after the state that invoked it. */
export const titleOf = (type: string): string =>
  type.replace(/^xstate[.](done|error)[.]actor[.](?:\d+[.])?(?:[^.]+[.])?(?=[^.])/, (_, how: string) =>
    how === 'done' ? 'answered: ' : 'threw: ',
  );

/** The step that a message caused from a state. */
export function stepOf(message: SnapshotMessage, before: string | undefined, seq: number): JobStep {
  const path = pathOf(message.snapshot.value);
  const title = titleOf(message.event.type);
  let from = before;
  const ways = (message.steps ?? []).map(({ value, guard, actions }) => {
    const way: ChartStep = {
      ...(from === undefined ? {} : { from }),
      to: pathOf(value),
      title,
      ...(guard === undefined ? {} : { guard }),
      ...(actions === undefined ? {} : { actions }),
    };
    from = way.to;
    return way;
  });
  const isKnown = ways.at(-1)?.to === path;
  const rest: ChartStep = { ...(from === undefined ? {} : { from }), to: path, title };
  return { seq, message, path, title, ways: isKnown ? ways : [...ways, rest] };
}

export const isSnapshot = (message: InspectionMessage): message is SnapshotMessage =>
  message.type === '@xstate.snapshot';
