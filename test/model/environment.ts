import type { SnapshotFrom } from 'xstate';
import type { goalJobMachine } from '../../src/machines/index.js';
import type { Failure } from '../../src/services/failure.js';
import type { Checkpoint, Job, JobEcho, SlotValue } from '../../src/services/wire-types.js';

type Snapshot = SnapshotFrom<typeof goalJobMachine>;

/** An event of the environment: an invoked actor that answers, or a host that speaks. */
export interface EnvironmentEvent {
  readonly type: string;
  readonly output?: unknown;
  readonly [field: string]: unknown;
}

export const CALLS = new Set([
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

/** Item versions go no higher in the explored world, so that it is finite. */
const HIGHEST_VERSION = 2;

const slot = (value?: SlotValue) => ({
  slotId: 'a',
  type: 'text',
  required: true,
  ...(value === undefined ? {} : { value }),
});
const checkpoint = (checkpointId: string, value?: SlotValue): Checkpoint => ({
  checkpointId,
  slots: [slot(value)],
});
const ok = (value: unknown): unknown => ({ ok: true, value, at: 0 });
const fail = (
  kind: Failure['kind'],
  delivery: Failure['delivery'] = 'refused',
  more: Partial<Failure> = {},
): unknown => ({
  ok: false,
  failure: { kind, delivery, message: kind, advice: '', ...more },
  at: 0,
  roll: 0,
});

/** Every way in which any call can fail. */
const failures: readonly unknown[] = [
  fail('network', 'unknown'),
  fail('network', 'not-sent'),
  fail('server', 'unknown'),
  fail('bad-response', 'unknown'),
  fail('rate-limited', 'refused', { retryAt: 0 }),
  fail('rate-limited', 'refused', { limit: 'concurrency' }),
  fail('rate-limited', 'refused'),
  fail('key-refused'),
  fail('not-found'),
  fail('rejected'),
  fail('gone'),
  fail('version-conflict'),
  fail('invalid-transition'),
  fail('validation', 'refused', { fieldErrors: [{ field: 'a', message: 'no' }] }),
  fail('validation', 'refused', { fieldErrors: [{ field: 'fileIds', message: 'file expired' }] }),
];

/** What a server may say about the version, seen from what we hold: older, the same, newer, nothing. */
function versions(held: number | undefined): (number | undefined)[] {
  const base = held ?? 1;
  return [...new Set([base - 1, base, base + 1])]
    .filter((version) => version >= 1 && version <= HIGHEST_VERSION)
    .concat([undefined as never]);
}

const withVersion = <Value extends object>(value: Value, itemVersion: number | undefined): Value =>
  itemVersion === undefined ? value : { ...value, itemVersion };

function readings(held: number | undefined): Job[] {
  const base = { jobSpecId: 'j', slots: [] };
  const plain = (['confirming', 'executing', 'completed', 'failed', 'unknown'] as const).map((status) => ({
    ...base,
    status,
    statusWord: status,
  }));
  const values = [undefined, 'ours', 'theirs'];
  const pending = values.map((value) => ({
    ...base,
    status: 'pending' as const,
    statusWord: 'pending',
    slots: [slot(value)],
  }));
  const asked = [...values.map((value) => checkpoint('c1', value)), checkpoint('c2')];
  const paused = asked.map((shown) => ({
    ...base,
    status: 'slot_needed' as const,
    statusWord: 'slot_needed',
    checkpoint: shown,
  }));
  const bare = { ...base, status: 'slot_needed' as const, statusWord: 'slot_needed' };
  return [...plain, ...pending, ...paused, bare].flatMap((job) =>
    versions(held).map((version) => withVersion<Job>(job, version)),
  );
}

function echoes(held: number | undefined): JobEcho[] {
  const next = Math.min((held ?? 0) + 1, HIGHEST_VERSION);
  return [{ jobSpecId: 'j' }, { jobSpecId: 'j', itemVersion: next }];
}

const workflow = {
  specId: 'wf',
  name: '',
  description: '',
  supportedInputFormats: [],
  requiredSlots: [slot()],
};

function answersOf(src: string, held: number | undefined): unknown[] {
  switch (src) {
    case 'inspectFiles':
      return [ok([{ handle: 'f', name: 'f', bytes: 1 }]), fail('file', 'not-sent')];
    case 'loadCatalog':
      return [ok([workflow]), ok([]), ...failures];
    case 'uploadFiles':
      return [ok([{ index: 0, fileId: 'x' }]), ...failures];
    case 'issueTicket':
      return [ok('ticket')];
    case 'createJob':
      return [...readings(undefined).map(ok), fail('outcome-unknown', 'unknown'), ...failures];
    case 'getJob':
    case 'getStatus':
      return [...readings(held).map(ok), ...failures];
    case 'fillSlots':
    case 'confirmJob':
      return [...echoes(held).map(ok), ...failures];
    case 'getDownload':
      return [ok({ url: 'u' }), ...failures];
    case 'saveResult':
      return [ok({ file: 'f', bytes: 1, sha256: 's' }), fail('storage', 'not-sent'), ...failures];
    default:
      return [ok(undefined)];
  }
}

const hostEvents: readonly EnvironmentEvent[] = [
  { type: 'SUBMIT_SLOTS', slots: { a: 'ours' } },
  { type: 'SUBMIT_SLOTS', slots: { a: 'mine' } },
  { type: 'SUBMIT_SLOTS', slots: { b: 'unasked' } },
  { type: 'CONFIRM' },
  { type: 'RETRY' },
  { type: 'ADOPT', jobSpecId: 'j' },
  { type: 'DETACH' },
  { type: 'REFRESH_DOWNLOAD' },
];

/** The actors that a snapshot has under way: id and source. */
export const invokedBy = (snapshot: Snapshot): { id: string; src: string; input: unknown }[] =>
  Object.entries(snapshot.children).flatMap(([id, child]) => {
    if (child === undefined) return [];
    const { src } = child;
    const inner: object = child.getSnapshot();
    return typeof src === 'string' ? [{ id, src, input: 'input' in inner ? inner.input : undefined }] : [];
  });

/** Everything that can happen next: every actor answers in every way it can, and a host says anything at any time. */
export function possibleEvents(snapshot: Snapshot): EnvironmentEvent[] {
  if (snapshot.status !== 'active') return [];
  const held = snapshot.context.itemVersion;
  const answers = invokedBy(snapshot).flatMap(({ id, src }) => [
    ...answersOf(src, held).map((output) => ({ type: `xstate.done.actor.${id}`, output })),
    { type: `xstate.error.actor.${id}`, error: new Error('thrown by a host') },
  ]);
  return [...answers, ...hostEvents];
}
