import {
  type AnyStateNode,
  type AnyTransitionDefinition,
  createActor,
  fromPromise,
  type InspectionEvent,
} from 'xstate';
import { machineFor } from '../../src/machines/goal-job-machine.js';
import { goalJobMachine, type JobInput } from '../../src/machines/index.js';
import type { EnvironmentEvent, Snapshot, World } from './environment.js';
import { type Edge, explore } from './explore.js';

/** A way through an explored world, whose last step takes the wanted transition. */
export interface DirectedPath {
  readonly input: JobInput;
  readonly edges: readonly Edge[];
}

// To XState an answer of an actor is an event of its own, outside the machine's declared ones.
const selected = ({ from, event }: Edge): readonly AnyTransitionDefinition[] =>
  goalJobMachine.getTransitionData(from, event as never);

const enters = ({ target }: AnyTransitionDefinition, node: AnyStateNode): boolean =>
  (target ?? []).some((entered) => entered === node || entered.initial?.target?.includes(node) === true);

// By its id: a job without a deadline is run by a machine of its own, with the same states.
const isAt = (snapshot: Snapshot, node: AnyStateNode): boolean =>
  snapshot._nodes.some(({ id }) => id === node.id);

/** A decision that is taken at once is no step of its own: it is told by the step that comes in and by where it ends. */
function takes(edge: Edge, wanted: AnyTransitionDefinition): boolean {
  if (wanted.eventType !== '') return isAt(edge.from, wanted.source) && selected(edge).includes(wanted);
  const ends = (wanted.target ?? []).every((node) => isAt(edge.to, node));
  return ends && selected(edge).some((transition) => enters(transition, wanted.source));
}

/** A path for each wanted transition that can be taken in a world. */
export function directedPaths(world: World, wanted: readonly AnyTransitionDefinition[]): DirectedPath[] {
  const first = new Map<Snapshot, Edge>();
  const found = new Map<AnyTransitionDefinition, Edge>();
  const left = new Set(wanted);
  let start: Snapshot | undefined;
  explore(world, ({ from, event, to, made }) => {
    start ??= from;
    const edge = { from, event, to };
    // Only the state that was reached first is made of the very events that lead to it.
    if (made === to && to !== start && !first.has(to)) first.set(to, edge);
    for (const transition of left) {
      if (made === from || !takes(edge, transition)) continue;
      found.set(transition, edge);
      left.delete(transition);
    }
  });
  const wayTo = (state: Snapshot): Edge[] => {
    const way: Edge[] = [];
    for (let edge = first.get(state); edge !== undefined; edge = first.get(edge.from)) way.unshift(edge);
    return way;
  };
  return [...found.values()].map((edge) => ({ input: world.input, edges: [...wayTo(edge.from), edge] }));
}

interface Deferred {
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** The machine with actors that answer when they are told to. */
function puppet(input: JobInput) {
  const waiting = new Map<string, Deferred>();
  const actor = fromPromise<unknown>(
    ({ self }) => new Promise((resolve, reject) => waiting.set(self.id, { resolve, reject })),
  );
  const machine = machineFor(input);
  const names = Object.keys(machine.implementations.actors);
  // One puppet plays all parts: what it answers comes from the explored world, whose answers are typed there.
  const actors = Object.fromEntries(names.map((name) => [name, actor])) as never;
  return { machine: machine.provide({ actors }), waiting };
}

const idIn = (type: string): string => type.replace(/^xstate\.(done|error)\.actor\./, '');

function deliver(event: EnvironmentEvent, waiting: ReadonlyMap<string, Deferred>): void {
  const deferred = waiting.get(idIn(event.type));
  if (deferred === undefined) throw new Error(`nothing waits for ${event.label}`);
  if (event.by === 'crash') deferred.reject(event.error);
  else deferred.resolve(event.output);
}

/** Walks a path with a real actor under XState's own interpreter. Throws where it does not stand where the pure function says. */
export async function walk({ input, edges }: DirectedPath, inspect: (event: InspectionEvent) => void) {
  const { machine, waiting } = puppet(input);
  const actor = createActor(machine, { input, inspect });
  actor.subscribe({ error: () => undefined });
  actor.start();
  for (const { event, to } of edges) {
    // The casts: a host's commands are declared, and these are nothing else.
    if (event.by === 'host') actor.send(event as never);
    else deliver(event, waiting);
    await new Promise((resolve) => setImmediate(resolve));
    const [stands, should] = [actor.getSnapshot().value, to.value].map((value) => JSON.stringify(value));
    if (stands !== should) throw new Error(`${event.label} leads to ${stands}, not to ${should}`);
  }
  actor.stop();
}
