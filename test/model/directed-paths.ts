import { createActor, fromPromise, type InspectionEvent } from 'xstate';
import { machineFor } from '../../src/machines/goal-job-machine.js';
import { goalJobMachine } from '../../src/machines/index.js';
import { type EnvironmentEvent, possibleEvents, type World } from './environment.js';
import { pureMachine } from './explore.js';

interface Deferred {
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** The machine with actors that answer on demand. */
function puppet({ input }: World) {
  const waiting = new Map<string, Deferred>();
  const actor = fromPromise<unknown>(
    ({ self }) => new Promise((resolve, reject) => waiting.set(self.id, { resolve, reject })),
  );
  const names = Object.keys(goalJobMachine.implementations.actors);
  // One puppet plays all parts: what it answers comes from the explored world, whose answers are typed there.
  const actors = Object.fromEntries(names.map((name) => [name, actor])) as never;
  return { machine: machineFor(input).provide({ actors }), waiting };
}

const idIn = (type: string): string => type.replace(/^xstate\.(done|error)\.actor\./, '');

function deliver(event: EnvironmentEvent, waiting: ReadonlyMap<string, Deferred>): void {
  const deferred = waiting.get(idIn(event.type));
  if (deferred === undefined) throw new Error(`nothing waits for ${event.label}`);
  if (event.by === 'crash') deferred.reject(event.error);
  else deferred.resolve(event.output);
}

/**
 * Walks a way through an explored world, given by its labels, with a real actor under XState's own interpreter. Throws where it does not
 * stand where the pure function says.
 */
export async function walk(
  world: World,
  labels: readonly string[],
  inspect: (event: InspectionEvent) => void,
) {
  const pure = pureMachine(world);
  const { machine, waiting } = puppet(world);
  const actor = createActor(machine, { input: world.input, inspect });
  actor.subscribe({ error: () => undefined });
  actor.start();
  let at = pure.start();
  for (const label of labels) {
    const event = possibleEvents(at, world).find((possible) => possible.label === label);
    if (event === undefined) throw new Error(`${label} is not possible here`);
    at = pure.step(at, event).made;
    // The casts: a host's commands are declared, and these are nothing else.
    if (event.by === 'host') actor.send(event as never);
    else deliver(event, waiting);
    await new Promise((resolve) => setImmediate(resolve));
    const [stands, should] = [actor.getSnapshot().value, at.value].map((value) => JSON.stringify(value));
    if (stands !== should) throw new Error(`${label} leads to ${stands}, not to ${should}`);
  }
  actor.stop();
}
