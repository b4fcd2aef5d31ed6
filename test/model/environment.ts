import type { SnapshotFrom } from 'xstate';
import type { goalJobMachine, JobInput } from '../../src/machines/index.js';
import { type FailureScope, failuresOf } from './failure-classes.js';
import { type AnswerScope, echoes, type NamedAnswer, otherAnswers, readings } from './server-answers.js';

export type Snapshot = SnapshotFrom<typeof goalJobMachine>;

/** One exploration: how a job was started, and what may happen to it. */
export interface World {
  readonly input: JobInput;
  readonly failures: FailureScope;
  readonly answers: AnswerScope;
}

/** Who speaks: a service that answers, a host's function that throws, or the host itself. */
export type Speaker = 'answer' | 'refusal' | 'crash' | 'host';

/** An event of the environment, in the words that XState itself makes of an actor's answer. */
export interface EnvironmentEvent {
  readonly type: string;
  readonly label: string;
  readonly by: Speaker;
  readonly src?: string;
  readonly output?: unknown;
  readonly isLater?: boolean;
  readonly [field: string]: unknown;
}

/** The services that reach the server or storage; the others are about files, tickets and time. */
export const CALLS: ReadonlySet<string> = new Set([
  'loadCatalog',
  'uploadFiles',
  'createJob',
  'getJob',
  'fillSlots',
  'confirmJob',
  'getStatus',
  'getDownload',
  'saveResult',
]);

export interface Invoked {
  readonly id: string;
  readonly src: string;
  readonly input: unknown;
}

function readInvoked({ children }: Snapshot): Invoked[] {
  const invoked: Invoked[] = [];
  for (const id in children) {
    const child = children[id];
    if (child === undefined || typeof child.src !== 'string') continue;
    const inner: object = child.getSnapshot();
    invoked.push({ id, src: child.src, input: 'input' in inner ? inner.input : undefined });
  }
  return invoked;
}

let last: { readonly of: Snapshot; readonly invoked: readonly Invoked[] } | undefined;

/** The actors that a snapshot has under way. Each step asks for those of one snapshot several times in a row. */
export function invokedBy(snapshot: Snapshot): readonly Invoked[] {
  if (last?.of !== snapshot) last = { of: snapshot, invoked: readInvoked(snapshot) };
  return last.invoked;
}

const hostSays = (label: string, event: { readonly type: string; readonly [field: string]: unknown }) => ({
  ...event,
  label,
  by: 'host' as const,
});

/** A host may say anything at any time. */
const hostEvents: readonly EnvironmentEvent[] = [
  hostSays('SUBMIT ours', { type: 'SUBMIT_SLOTS', slots: { a: 'ours' } }),
  hostSays('SUBMIT theirs', { type: 'SUBMIT_SLOTS', slots: { a: 'theirs' } }),
  hostSays('SUBMIT an unasked slot', { type: 'SUBMIT_SLOTS', slots: { b: 'unasked' } }),
  hostSays('CONFIRM', { type: 'CONFIRM' }),
  hostSays('RETRY', { type: 'RETRY' }),
  hostSays('ADOPT', { type: 'ADOPT', jobSpecId: 'j' }),
  hostSays('DETACH', { type: 'DETACH' }),
  hostSays('REFRESH_DOWNLOAD', { type: 'REFRESH_DOWNLOAD' }),
];

let tickets = 0;

function answersOf(src: string, held: number | undefined, scope: AnswerScope): readonly NamedAnswer[] {
  switch (src) {
    case 'createJob':
      return readings(undefined, scope, 'job');
    case 'getJob':
      return readings(held, scope, 'job');
    case 'getStatus':
      return readings(held, scope, 'status');
    case 'fillSlots':
    case 'confirmJob':
      return echoes(held);
    case 'issueTicket':
      tickets += 1;
      return [{ name: 'ticket', value: `ticket-${tickets}` }];
    default:
      return otherAnswers[src] ?? [{ name: 'done', value: undefined }];
  }
}

function repliesTo(invoked: Invoked, world: World, held: number | undefined): EnvironmentEvent[] {
  const { id, src } = invoked;
  const type = `xstate.done.actor.${id}`;
  const answered = answersOf(src, held, world.answers).map(({ name, value }) => ({
    type,
    src,
    by: 'answer' as const,
    label: `${src}: ${name}`,
    output: { ok: true, value, at: 0 },
  }));
  const refused = failuresOf(src, world.failures).map(({ name, reply, isLater }) => ({
    type,
    src,
    by: 'refusal' as const,
    label: `${src}: ${name}`,
    output: reply,
    ...(isLater ? { isLater } : {}),
  }));
  const crashed = {
    type: `xstate.error.actor.${id}`,
    src,
    by: 'crash' as const,
    label: `${src} throws`,
    error: new Error('thrown by a host'),
  };
  return [...answered, ...refused, crashed];
}

/** What a port says while it works. */
const PROGRESS: Readonly<Record<string, EnvironmentEvent>> = {
  uploadFiles: hostSays('some of a file is sent', {
    type: 'UPLOAD_PROGRESS',
    progress: { handle: 'f', sentBytes: 1, totalBytes: 2 },
  }),
  saveResult: hostSays('some of the result has come', {
    type: 'DOWNLOAD_PROGRESS',
    progress: { receivedBytes: 1 },
  }),
};

function eventsOf(snapshot: Snapshot, world: World, held: number | undefined): EnvironmentEvent[] {
  const replies = invokedBy(snapshot).flatMap((invoked) =>
    repliesTo(invoked.id === 'deadline' ? { ...invoked, src: 'deadline' } : invoked, world, held),
  );
  const progress = invokedBy(snapshot).flatMap(({ src }) => PROGRESS[src] ?? []);
  const isPlain = !world.answers.shown.includes('theirs');
  return [
    ...replies,
    ...progress,
    ...(isPlain ? hostEvents.filter(({ label }) => label !== 'SUBMIT theirs') : hostEvents),
  ];
}

/** What can happen depends on who is under way and on the version that is held: no list is made twice. */
const eventsKnown = new WeakMap<World, Map<string, readonly EnvironmentEvent[]>>();

/** Everything that can happen next: every actor answers in every way it can, and a host says anything. */
export function possibleEvents(snapshot: Snapshot, world: World): readonly EnvironmentEvent[] {
  if (snapshot.status !== 'active') return [];
  const held = snapshot.context.itemVersion;
  const invoked = invokedBy(snapshot);
  // Each ticket is another one.
  if (invoked.some(({ src }) => src === 'issueTicket')) return eventsOf(snapshot, world, held);
  const known = eventsKnown.get(world) ?? new Map<string, readonly EnvironmentEvent[]>();
  eventsKnown.set(world, known);
  const key = `${held} ${invoked.map(({ id, src }) => `${id}:${src}`).join(' ')}`;
  const events = known.get(key) ?? eventsOf(snapshot, world, held);
  known.set(key, events);
  return events;
}
