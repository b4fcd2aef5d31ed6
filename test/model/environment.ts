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

/** The actors that a snapshot has under way. */
export const invokedBy = (snapshot: Snapshot): Invoked[] =>
  Object.entries(snapshot.children).flatMap(([id, child]) => {
    if (child === undefined || typeof child.src !== 'string') return [];
    const inner: object = child.getSnapshot();
    return [{ id, src: child.src, input: 'input' in inner ? inner.input : undefined }];
  });

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

/** Everything that can happen next: every actor answers in every way it can, and a host says anything. */
export function possibleEvents(snapshot: Snapshot, world: World): EnvironmentEvent[] {
  if (snapshot.status !== 'active') return [];
  const held = snapshot.context.itemVersion;
  const replies = invokedBy(snapshot).flatMap((invoked) =>
    repliesTo(invoked.id === 'deadline' ? { ...invoked, src: 'deadline' } : invoked, world, held),
  );
  const isPlain = !world.answers.shown.includes('theirs');
  return [
    ...replies,
    ...(isPlain ? hostEvents.filter(({ label }) => label !== 'SUBMIT theirs') : hostEvents),
  ];
}
