import { type AnyTransitionDefinition, createEmptyActor } from 'xstate';
import { machineFor } from '../../src/machines/goal-job-machine.js';
import { type EnvironmentEvent, possibleEvents, type Snapshot, type World } from './environment.js';
import { keyOf } from './key.js';

/** One step of an explored world. */
export interface Edge {
  readonly from: Snapshot;
  readonly event: EnvironmentEvent;
  /** The state that stands for all that are alike; the same object as `from` where the event was ignored. */
  readonly to: Snapshot;
}

/** What the machine made of an event, before equal states are merged: its context shows what it has just seen. */
export interface Fresh extends Edge {
  readonly made: Snapshot;
  /** The transitions that were taken, those that follow at once included. */
  readonly taken: readonly AnyTransitionDefinition[];
}

export interface Explored {
  readonly states: readonly Snapshot[];
  readonly edges: readonly Edge[];
  /** Events given to the machine. */
  readonly tried: number;
  /** The edges of a shortest way from the start to a state. */
  wayTo(state: Snapshot): readonly Edge[];
}

/** The machine as a pure function, of which each step also returns the transitions that it took. */
export function pureMachine({ input }: World) {
  const machine = machineFor(input);
  const { system } = createEmptyActor();
  let taken: AnyTransitionDefinition[] = [];
  system.inspect((event) => {
    if (event.type === '@xstate.microstep') taken.push(...event._transitions);
  });
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

/** Everything that can become of a job in a world, breadth first, where states that are alike are one. `onEdge` sees each step as it is made. */
export function explore(world: World, onEdge: (edge: Fresh) => void): Explored {
  const machine = pureMachine(world);
  const start = machine.start();
  const states = [start];
  const known = new Map([[keyOf(start), start]]);
  const edges: Edge[] = [];
  const first = new Map<Snapshot, Edge>();
  let tried = 0;
  const intern = (made: Snapshot): Snapshot => {
    const key = keyOf(made);
    const twin = known.get(key);
    if (twin !== undefined) return twin;
    known.set(key, made);
    states.push(made);
    return made;
  };
  // The list grows as it is walked.
  for (const from of states)
    for (const event of possibleEvents(from, world)) {
      tried += 1;
      const { made, taken } = machine.step(from, event);
      const to = made === from ? from : intern(made);
      onEdge({ from, event, to, made, taken });
      if (to === from) continue;
      const edge = { from, event, to };
      edges.push(edge);
      if (to !== start && made === to) first.set(to, edge);
    }
  const wayTo = (state: Snapshot): Edge[] => {
    const way: Edge[] = [];
    for (let edge = first.get(state); edge !== undefined; edge = first.get(edge.from)) way.unshift(edge);
    return way;
  };
  return { states, edges, tried, wayTo };
}
