import type { StateValue } from 'xstate';
import type { Reading } from '../../src/machines/reading/classify-reading.js';
import { isKnown, knownReading } from '../../src/machines/reading/known-reading.js';
import type { Reply } from '../../src/machines/reply.js';
import {
  CALLS,
  type EnvironmentEvent,
  type Invoked,
  invokedBy,
  type Snapshot,
  type World,
} from './environment.js';
import type { Fresh } from './explore.js';

/** Says what is wrong with a step, or nothing. */
export type StepProperty = (edge: Fresh, world: World) => string | undefined;

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const numberIn = (value: unknown, name: string): number | undefined => {
  const found = fieldOf(value, name);
  return typeof found === 'number' ? found : undefined;
};

/** The actors that this step started; one that is merely still under way is the same actor. */
function started({ from, made }: Fresh): Invoked[] {
  return invokedBy(made).filter(({ id }) => made.children[id] !== from.children[id]);
}

const pathOf = (value: StateValue | undefined): string => {
  if (typeof value !== 'object') return value ?? '';
  const [[outer, inner] = ['', undefined]] = Object.entries(value);
  return `${outer}.${pathOf(inner)}`;
};

const isIn = (snapshot: Snapshot, path: string): boolean => pathOf(snapshot.value) === path;

const oneCallAtATime: StepProperty = ({ made }) => {
  const calls = invokedBy(made).filter(({ src }) => CALLS.has(src));
  return calls.length > 1 ? `${calls.map(({ src }) => src).join(' and ')} are in flight at once` : undefined;
};

/** Law 2: only ever up, and what is sent is the highest seen. */
const versionsOnlyRise: StepProperty = (edge) => {
  const { from, made, event } = edge;
  const held = made.context.itemVersion ?? 0;
  const shown = numberIn(fieldOf(event.output, 'value'), 'itemVersion') ?? 0;
  if (made.status === 'active' && held < Math.max(from.context.itemVersion ?? 0, shown))
    return `holds version ${held} after having seen ${Math.max(from.context.itemVersion ?? 0, shown)}`;
  const sent = started(edge).map(({ src, input }) => ({ src, version: numberIn(input, 'itemVersion') }));
  const wrong = sent.find(({ version }) => version !== undefined && version !== made.context.itemVersion);
  return wrong && `${wrong.src} sends version ${wrong.version}, held is ${made.context.itemVersion}`;
};

/** Law 1: a create goes out with the ticket that was issued for it, and with no other. */
const createNeedsFreshTicket: StepProperty = (edge) => {
  const create = started(edge).find(({ src }) => src === 'createJob');
  if (create === undefined) return undefined;
  const issued = edge.event.src === 'issueTicket' ? fieldOf(edge.event.output, 'value') : undefined;
  return issued !== undefined && fieldOf(create.input, 'ticket') === issued
    ? undefined
    : 'creates without a fresh ticket';
};

const mayHaveActed = (event: EnvironmentEvent): boolean =>
  event.src === 'createJob' &&
  event.by !== 'crash' &&
  fieldOf(fieldOf(event.output, 'failure'), 'delivery') === 'unknown';

/** Law 1: after a lost reply to a create only the host, or its policy, sends another. */
const createIsNotRepeatedBlindly: StepProperty = ({ from, made, event }, { input }) => {
  if (
    isIn(from, 'preparing.outcomeUnknown') &&
    isIn(made, 'preparing.takingTicket') &&
    event.type !== 'RETRY'
  )
    return 'creates again unasked';
  if (!mayHaveActed(event)) return undefined;
  const policy = input.onUnknownOutcome ?? 'ask';
  const isRight =
    (policy === 'ask' && isIn(made, 'preparing.outcomeUnknown')) ||
    (made.value === 'detached' && made.context.failure?.kind === 'outcome-unknown' && policy !== 'ask') ||
    (policy === 'retry' && isIn(made, 'preparing.backingOff'));
  return isRight ? undefined : `a lost create leads to ${JSON.stringify(made.value)}`;
};

/** Law 3: the status is read only when its turn has come. */
const statusIsReadInTurn: StepProperty = (edge) =>
  started(edge).some(({ src }) => src === 'getStatus') && edge.event.src !== 'pollTurn'
    ? 'reads the status out of turn'
    : undefined;

const isOk = (output: unknown): output is Reply<Reading> & { readonly ok: true } =>
  fieldOf(output, 'ok') === true;

/** What looking ahead keeps from the machine: it would have stood still, but for the time of its last read. */
const knownReadingsTeachNothing: StepProperty = ({ from, made, event }) => {
  if (event.src !== 'getStatus' || !isOk(event.output)) return undefined;
  const lifecycle = ['executing', 'confirming'].find((state) => isIn(from, `${state}.reading`));
  if (lifecycle !== 'executing' && lifecycle !== 'confirming') return undefined;
  const known = knownReading(from.context, lifecycle);
  if (known === undefined || !isKnown(known, event.output.value)) return undefined;
  const timeless = ({ context }: Snapshot): string => JSON.stringify({ ...context, lastReadAt: 0 });
  return isIn(made, `${lifecycle}.awaitingTurn`) && timeless(made) === timeless(from)
    ? undefined
    : `${JSON.stringify(event.output.value)} was taken for known, and changes the job`;
};

/** Law 3: time that could not be waited for is not over. */
const brokenClockEndsNothing: StepProperty = ({ made, event }) =>
  event.by === 'refusal' &&
  ['waitUntil', 'deadline', 'pollTurn', 'startTurn'].includes(event.src ?? '') &&
  fieldOf(fieldOf(event.output, 'failure'), 'kind') === 'internal' &&
  made.value !== 'failed' &&
  !['local-failure', 'outcome-unknown'].includes(made.context.detachReason ?? '')
    ? 'continues as if the wait were over'
    : undefined;

/** An actor that answers is waited for: an answer that changes nothing would leave the job standing for ever. */
const everyAnswerIsTaken: StepProperty = ({ from, made, event }) =>
  made === from && event.by !== 'host' ? 'ignores the answer' : undefined;

const AWAITED: Readonly<Record<string, readonly string[]>> = {
  awaitingSlots: ['SUBMIT_SLOTS'],
  awaitingConfirm: ['CONFIRM'],
  outcomeUnknown: ['RETRY', 'ADOPT'],
};

/** A person's input always has an effect: the awaited answer, and detaching. */
const personIsHeard: StepProperty = ({ from, made, event, isAlike }) => {
  if (event.by !== 'host') return undefined;
  if (event.type === 'DETACH') return made.value === 'detached' ? undefined : 'does not detach';
  if (!from.hasTag('user-input')) return undefined;
  const [state] = Object.values(typeof from.value === 'object' ? from.value : {});
  const awaited = typeof state === 'string' ? AWAITED[state] : undefined;
  if (awaited === undefined) return `unknown: what ${JSON.stringify(from.value)} waits for`;
  if (!awaited.includes(event.type)) return undefined;
  const isAgain = made !== from && event.label === 'SUBMIT an unasked slot';
  return !isAlike || isAgain ? undefined : `ignores ${event.label}`;
};

export const stepProperties: Readonly<Record<string, StepProperty>> = {
  'never two calls in flight': oneCallAtATime,
  'item versions only rise, and the highest is sent': versionsOnlyRise,
  'a create needs a fresh ticket': createNeedsFreshTicket,
  'a create is never repeated blindly': createIsNotRepeatedBlindly,
  'the status is read in turn': statusIsReadInTurn,
  'a broken clock ends no wait': brokenClockEndsNothing,
  'every answer is taken': everyAnswerIsTaken,
  'a reading taken for known teaches nothing': knownReadingsTeachNothing,
  'a person is heard': personIsHeard,
};
