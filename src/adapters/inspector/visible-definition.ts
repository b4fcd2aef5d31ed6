import { defined } from '../../services/defined.js';
import type { Json, JsonObject } from './inspection-message.js';
import { fieldsOf, isRecord, itemsOf, nameIn, wordIn } from './visible.js';

/** The value as a list: configs may omit the brackets of a single item. */
const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? itemsOf(value) : [value];

/** The name of a guard or an action, without its code and parameters. */
export function nameOf(implementation: unknown): string {
  if (typeof implementation === 'function') return nameIn(implementation.name) ?? 'inline';
  const name = typeof implementation === 'string' ? implementation : fieldsOf(implementation).type;
  return nameIn(name) ?? 'inline';
}

const named = (implementation: unknown): JsonObject => ({ type: nameOf(implementation) });

/** Accepts `#goalJob.failed` as well as `reading`. */
const targetIn = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[#.\w:-]{1,200}$/.test(value) ? value : undefined;

function transition(config: unknown): Json {
  if (typeof config === 'string') return { target: targetIn(config) ?? '' };
  const fields = fieldsOf(config);
  const targets = listOf(fields.target).flatMap((target) => targetIn(target) ?? []);
  const actions = listOf(fields.actions).map(named);
  return defined({
    target: targets.length > 1 ? targets : targets[0],
    guard: fields.guard === undefined ? undefined : named(fields.guard),
    actions: actions.length > 0 ? actions : undefined,
  });
}

const transitions = (config: unknown): Json | undefined =>
  config === undefined ? undefined : listOf(config).map(transition);

function byEvent(on: unknown): Json | undefined {
  if (!isRecord(on)) return undefined;
  const rows = Object.entries(on).flatMap(([event, config]) =>
    nameIn(event) === undefined ? [] : [[event, listOf(config).map(transition)] as const],
  );
  return Object.fromEntries(rows);
}

function invocation(config: unknown): Json {
  const fields = fieldsOf(config);
  return defined({
    id: nameIn(fields.id),
    src: nameIn(fields.src),
    onDone: transitions(fields.onDone),
    onError: transitions(fields.onError),
  });
}

/** Descriptions are written by the author of the machine, like the names of states. */
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function stateNode(config: unknown): JsonObject {
  const fields = fieldsOf(config);
  const states = isRecord(fields.states)
    ? Object.entries(fields.states).map(([key, state]) => [key, stateNode(state)] as const)
    : [];
  const invoke = listOf(fields.invoke).map(invocation);
  const entry = listOf(fields.entry).map(named);
  return defined({
    id: nameIn(fields.id),
    type: wordIn(fields.type),
    description: textIn(fields.description),
    tags: fields.tags === undefined ? undefined : listOf(fields.tags).flatMap((tag) => nameIn(tag) ?? []),
    initial: targetIn(fields.initial),
    entry: entry.length > 0 ? entry : undefined,
    invoke: invoke.length > 0 ? invoke : undefined,
    on: byEvent(fields.on),
    always: transitions(fields.always),
    states: states.length > 0 ? Object.fromEntries(states) : undefined,
  });
}

/** A machine's config as JSON text: states, events, targets and names; no context, no input, no code. */
export const visibleDefinition = (config: unknown, name: string): string =>
  JSON.stringify(isRecord(config) ? stateNode(config) : { id: name });
