import {
  type AnyTransitionDefinition,
  createEmptyActor,
  type InspectionEvent,
  type StateValue,
} from 'xstate';
import { machineFor } from '../../src/machines/goal-job-machine.js';
import { type EnvironmentEvent, possibleEvents, type Snapshot, type World } from './environment.js';
import { keyOf } from './key.js';

/** A step as the machine made it, before equal states are merged: its context shows what it has just seen. */
export interface Fresh {
  /** The number of the state that it starts from. */
  readonly at: number;
  readonly from: Snapshot;
  readonly event: EnvironmentEvent;
  readonly made: Snapshot;
  /** It leads to a state that is like the one it starts from. */
  readonly isAlike: boolean;
  /** The transitions that were taken, those that follow at once included. */
  readonly taken: readonly AnyTransitionDefinition[];
}

/** What the graph is judged by; the snapshot itself, with its actors, is released once its steps are made. */
export interface State {
  readonly value: StateValue;
  /** An end, or a question to a person. */
  readonly isRest: boolean;
  /** Time passes in it. */
  readonly isWait: boolean;
}

/** The steps that lead from one state to another, in columns: objects for millions of them would be most of what the collector walks over. */
export interface Edges {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly events: readonly EnvironmentEvent[];
}

export interface Explored {
  /** By number. */
  readonly states: readonly State[];
  readonly edges: Edges;
  /** Events given to the machine. */
  readonly tried: number;
  /** The labels of a shortest way from the start to a state. */
  wayTo(state: number): string[];
}

/** The machine as a pure function, of which each step also returns the transitions that it took. */
export function pureMachine({ input }: World) {
  const machine = machineFor(input);
  const { system } = createEmptyActor();
  let taken: AnyTransitionDefinition[] = [];
  // What XState's own way to observe stands on; that one would copy each event first.
  const _sendInspectionEvent = (event: InspectionEvent): void => {
    if (event.type === '@xstate.microstep') taken.push(...event._transitions);
  };
  Object.assign(system, { _sendInspectionEvent });
  const nothing = (): void => undefined;
  // What XState's own `transition` makes for each step; made once, because a step is a hundred thousandth of the work.
  const scope = {
    ...{ self: createEmptyActor(), system, id: '', sessionId: '', logger: nothing, defer: nothing },
    ...{ emit: nothing, stopChild: nothing, actionExecutor: nothing },
  };
  return {
    start: (): Snapshot => machine.getInitialSnapshot(scope as never, input),
    step(from: Snapshot, event: EnvironmentEvent) {
      taken = [];
      // The casts: to XState an answer of an actor is an event of its own, outside the machine's declared ones.
      const made: Snapshot = machine.transition(from, event as never, scope as never);
      return { made, taken };
    },
  };
}

const WAITS = ['"awaitingTurn"', '"backingOff"', '"rateLimited"', '"queued"'];

function stateOf(snapshot: Snapshot): State {
  const { value, status } = snapshot;
  const path = JSON.stringify(value);
  return {
    value,
    isRest: status !== 'active' || snapshot.hasTag('user-input'),
    isWait: WAITS.some((name) => path.includes(name)),
  };
}

/** The numbers of states; those that are alike have one. */
function numbering() {
  const states: State[] = [];
  const known = new Map<string, number>();
  /** Snapshots whose steps are not made yet, by number. */
  const open: (Snapshot | undefined)[] = [];
  return {
    states,
    numberOf(made: Snapshot): number {
      const key = keyOf(made);
      const twin = known.get(key);
      if (twin !== undefined) return twin;
      known.set(key, states.length);
      open.push(made);
      return states.push(stateOf(made)) - 1;
    },
    take(state: number): Snapshot | undefined {
      const snapshot = open[state];
      open[state] = undefined;
      return snapshot;
    },
  };
}

/** Everything that can become of a job in a world, breadth first, where states that are alike are one. `onStep` sees each step as it is made. */
export function explore(world: World, onStep: (step: Fresh) => void): Explored {
  const machine = pureMachine(world);
  const { states, numberOf, take } = numbering();
  const edges = { from: [] as number[], to: [] as number[], events: [] as EnvironmentEvent[] };
  /** The first edge into each state; the start has none. */
  const first = [-1];
  let tried = 0;
  numberOf(machine.start());
  // The list grows as it is walked.
  for (let at = 0, from = take(at); from !== undefined; at += 1, from = take(at))
    for (const event of possibleEvents(from, world)) {
      tried += 1;
      const { made, taken } = machine.step(from, event);
      const to = made === from ? at : numberOf(made);
      onStep({ at, from, event, made, taken, isAlike: to === at });
      if (to === at) continue;
      if (to === first.length) first.push(edges.to.length);
      edges.from.push(at);
      edges.to.push(to);
      edges.events.push(event);
    }
  const wayTo = (state: number): string[] => {
    const edge = first[state] ?? -1;
    const [before, event] = [edges.from[edge], edges.events[edge]];
    return before === undefined || event === undefined ? [] : [...wayTo(before), event.label];
  };
  return { states, edges, tried, wayTo };
}
