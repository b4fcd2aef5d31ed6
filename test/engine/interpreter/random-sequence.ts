import { createActor, fromPromise } from 'xstate';
import { beginJob, type InterpretedJob, type Step, stepJob } from '../../../src/engine/interpreter/index.js';
import { machineFor } from '../../../src/machines/goal-job-machine.js';
import type { JobCommand } from '../../../src/machines/index.js';
import type { Reply } from '../../../src/machines/reply.js';
import { type EnvironmentEvent, invokedBy, possibleEvents, type World } from '../../model/environment.js';

/** What a step made visible, of either side, with sorted keys: `assign` changes their order. */
export interface Seen {
  readonly status: string;
  readonly value: unknown;
  readonly context: unknown;
  readonly output: unknown;
  readonly open: unknown;
  readonly emitted: unknown;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
};
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : sorted(JSON.parse(JSON.stringify(value)));

interface Deferred {
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** XState's own actor, whose calls answer on demand. */
function realActor(world: World) {
  const waiting = new Map<string, Deferred>();
  const puppet = fromPromise<unknown>(
    ({ self }) => new Promise((resolve, reject) => waiting.set(self.id, { resolve, reject })),
  );
  const machine = machineFor(world.input);
  const names = Object.keys(machine.implementations.actors);
  // One puppet plays all parts: what it answers comes from the model's environment, which is typed there.
  const actors = Object.fromEntries(names.map((name) => [name, puppet])) as never;
  const actor = createActor(machine.provide({ actors }), { input: world.input });
  let emitted: unknown[] = [];
  actor.on('*', (event) => emitted.push(event));
  actor.subscribe({ error: () => undefined });
  actor.start();
  const open = (): unknown[] => {
    const snapshot = actor.getSnapshot();
    if (snapshot.status !== 'active') return [];
    return invokedBy(snapshot).map(({ id, src, input }) => ({ id, src, input }));
  };
  return {
    actor,
    async take(event: EnvironmentEvent): Promise<void> {
      emitted = [];
      // The casts: a host's commands are declared, and these are nothing else.
      if (event.by === 'host') actor.send(event as never);
      else {
        const deferred = waiting.get(event.type.replace(/^xstate\.(done|error)\.actor\./, ''));
        if (event.by === 'crash') deferred?.reject(event.error);
        else deferred?.resolve(event.output);
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    seen(): Seen {
      const { status, value, context, output } = actor.getSnapshot();
      return {
        status,
        value,
        context: plain(context),
        output: plain(output),
        open: plain(byId(open())),
        emitted: plain(emitted),
      };
    },
  };
}

const idOf = (call: unknown): string =>
  typeof call === 'object' && call !== null ? String(Reflect.get(call, 'id')) : '';
const byId = (calls: readonly unknown[]): unknown[] =>
  [...calls].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

const seenOf = ({ job, emitted }: Step): Seen => ({
  status: job.status,
  value: job.value,
  context: plain(job.context),
  output: plain(job.output),
  open: plain(byId(job.open.map(({ id, src, input }) => ({ id, src, input })))),
  emitted: plain(emitted),
});

/** The same event for the interpreter: an answer goes to the call by its token. */
function given(job: InterpretedJob, event: EnvironmentEvent): Step {
  if (event.by === 'host') {
    const { label: _, by: __, ...command } = event;
    // The environment's host says nothing but commands.
    return stepJob(job, { type: 'command', command: command as JobCommand });
  }
  const id = event.type.replace(/^xstate\.(done|error)\.actor\./, '');
  const token = job.open.find((call) => call.id === id)?.token ?? 'none';
  return event.by === 'crash'
    ? stepJob(job, { type: 'crash', token, error: event.error })
    : // The environment's services answer with replies.
      stepJob(job, { type: 'reply', token, reply: event.output as Reply<unknown> });
}

/** A good answer as often as all else together, or few sequences would come far; detaching and throwing end nearly every one. */
function draw(events: readonly EnvironmentEvent[], random: () => number): EnvironmentEvent | undefined {
  const isEnd = ({ type, by }: EnvironmentEvent): boolean => by === 'crash' || type === 'DETACH';
  const chance = random();
  const drawn =
    chance < 0.03
      ? events
      : chance < 0.55
        ? events.filter(({ by }) => by === 'answer')
        : events.filter((event) => !isEnd(event));
  const from = drawn.length === 0 ? events : drawn;
  return from[Math.floor(random() * from.length)];
}

/** What a run met: to see that the sequences reach everything. */
export interface Met {
  readonly actors: Set<string>;
  readonly commands: Set<string>;
  steps: number;
}

/** Drives both sides by one random sequence; answers with the first difference, or nothing. */
export async function firstDifference(
  world: World,
  random: () => number,
  length: number,
  met: Met,
): Promise<
  { readonly after: readonly string[]; readonly actor: Seen; readonly interpreter: Seen } | undefined
> {
  const real = realActor(world);
  let step = beginJob(world.input);
  const labels: string[] = [];
  const differ = (): boolean => JSON.stringify(sorted(real.seen())) !== JSON.stringify(sorted(seenOf(step)));
  const difference = () =>
    differ() ? { after: labels, actor: real.seen(), interpreter: seenOf(step) } : undefined;
  for (let turn = 0; turn < length && step.job.status === 'active'; turn += 1) {
    for (const { src } of step.started) met.actors.add(src);
    const event = draw(possibleEvents(real.actor.getSnapshot(), world), random);
    if (event === undefined) break;
    labels.push(event.label);
    if (event.by === 'host') met.commands.add(event.type);
    await real.take(event);
    // The state goes to a store and back before each step.
    const stored: InterpretedJob = JSON.parse(JSON.stringify(step.job));
    step = given(stored, event);
    met.steps += 1;
    const found = difference();
    if (found !== undefined) return found;
  }
  real.actor.stop();
  return undefined;
}
