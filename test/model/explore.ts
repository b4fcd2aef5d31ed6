import type { ActorLogic } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { machineFor } from '../../src/machines/goal-job-machine.js';
import type { JobInput } from '../../src/machines/index.js';
import { type EnvironmentEvent, possibleEvents, type Snapshot, type World } from './environment.js';
import { keyOf } from './key.js';

type Logic = ActorLogic<Snapshot, EnvironmentEvent, JobInput>;

/** One step of an explored world. */
export interface Edge {
  readonly from: Snapshot;
  readonly event: EnvironmentEvent;
  /** The state that stands for all that are alike; the same object as `from` where the event was ignored. */
  readonly to: Snapshot;
}

/** What the machine made of an event, before it is taken for its like: its context tells what it has just seen. */
export interface Fresh extends Edge {
  readonly made: Snapshot;
}

export interface Explored {
  readonly states: readonly Snapshot[];
  readonly edges: readonly Edge[];
  /** Events given to the machine. */
  readonly tried: number;
  /** The labels that lead from the start to a state. */
  pathTo(state: Snapshot): string;
}

/**
 * The machine with states that are alike made one, so that a graph of a hundred thousand steps stays small.
 * The casts: to XState an answer of an actor is an event of its own, outside the machine's declared ones.
 */
function internedMachine(input: JobInput, onEdge: (edge: Fresh) => void): Logic {
  const machine = machineFor(input);
  const known = new Map<string, Snapshot>();
  const intern = (snapshot: Snapshot): Snapshot => {
    const key = keyOf(snapshot);
    const twin = known.get(key);
    if (twin === undefined) known.set(key, snapshot);
    return twin ?? snapshot;
  };
  return {
    transition(from, event, scope) {
      const made = machine.transition(from, event as never, scope as never);
      const to = made === from ? from : intern(made);
      onEdge({ from, event, to, made });
      return to;
    },
    getInitialSnapshot: (scope, given) => intern(machine.getInitialSnapshot(scope as never, given)),
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}

function pathFinder(edges: readonly Edge[]): (state: Snapshot) => string {
  // The search is breadth first: the first edge into a state is on a shortest path to it.
  const first = new Map<Snapshot, Edge>();
  const start = edges[0]?.from;
  for (const edge of edges) if (edge.to !== start && !first.has(edge.to)) first.set(edge.to, edge);
  return (state) => {
    const labels: string[] = [];
    for (let edge = first.get(state); edge !== undefined; edge = first.get(edge.from))
      labels.unshift(edge.event.label);
    return labels.join(' → ');
  };
}

/** Everything that can become of a job in a world, by `xstate/graph`. `onEdge` sees each step as it is made. */
export function explore(world: World, onEdge: (edge: Fresh) => void): Explored {
  const edges: Edge[] = [];
  const keys = new WeakMap<Snapshot, string>();
  const serializeState = (snapshot: Snapshot): string => {
    const key = keys.get(snapshot) ?? keyOf(snapshot);
    keys.set(snapshot, key);
    return key;
  };
  let tried = 0;
  const logic = internedMachine(world.input, (edge) => {
    tried += 1;
    onEdge(edge);
    const { from, event, to } = edge;
    if (to !== from) edges.push({ from, event, to });
  });
  const map = getAdjacencyMap(logic, {
    input: world.input,
    limit: 2_000_000,
    serializeState,
    serializeEvent: ({ label }) => label,
    events: (snapshot) => possibleEvents(snapshot, world),
  });
  const states = Object.values(map).map(({ state }) => state);
  return { states, edges, tried, pathTo: pathFinder(edges) };
}
