import type { AnyStateMachine } from 'xstate';
import { childrenOf, pathOf, type StateNode } from '../chart/machine-walk.js';
import { emittedBy } from './emitted-events.js';
import { code, page, table, words } from './markdown.js';
import { CALLS, isActor } from './state-calls.js';

type Transition = StateNode['transitions'] extends ReadonlyMap<string, readonly (infer One)[]> ? One : never;

const nameIn = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : '';
};

export const actionsOf = (actions: readonly unknown[]): readonly string[] => actions.map(nameIn);

/** What makes a state be left, in words: a host's event, an actor's answer, or a decision. */
function trigger(event: string): string {
  if (event.startsWith('xstate.done.actor.')) return event.endsWith('.deadline') ? 'the deadline' : 'answer';
  if (event.startsWith('xstate.error.actor.')) return "the host's function threw";
  return event === '' ? 'at once' : code(event);
}

function rowOf(event: string, { guard, target, actions }: Transition): readonly string[] {
  const condition = guard === undefined ? '' : `: ${words(nameIn(guard))}`;
  const to = (target ?? []).map((node) => `[${pathOf(node)}](#${anchor(pathOf(node))})`).join(', ');
  const emitted = emittedBy(actionsOf(actions)).map(code).join(', ');
  return [`${trigger(event)}${condition}`, to === '' ? 'stays' : to, emitted];
}

/** The id of a state's heading: dots and capitals would depend on who makes ids of headings. */
const anchor = (path: string): string =>
  path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/[._]/g, '-');

function waysOut(node: StateNode): readonly (readonly string[])[] {
  const named = [...node.transitions].flatMap(([event, transitions]) =>
    transitions.map((transition) => rowOf(event, transition)),
  );
  return [...(node.always ?? []).map((transition) => rowOf('', transition)), ...named];
}

function waitsFor(node: StateNode): string {
  const calls = node.invoke.map(({ src }) => nameIn(src)).filter(isActor);
  const [call] = calls;
  if (call !== undefined) return `${code(call)}: ${CALLS[call]}`;
  const events = [...node.transitions.keys()].filter((event) => !event.startsWith('xstate.'));
  if (node.type === 'final') return '';
  return events.length > 0
    ? `a person or the host: ${events.map(code).join(', ')}`
    : 'nothing: it decides at once';
}

const facts = (node: StateNode): string => {
  const waits = waitsFor(node);
  const emitted = emittedBy(actionsOf(node.entry));
  return [
    ...(waits === '' ? [] : [`- **Waits for** ${waits}`]),
    ...(node.tags.length === 0 ? [] : [`- **Tags** ${node.tags.map(code).join(', ')}`]),
    ...(emitted.length === 0 ? [] : [`- **Emits** on entry ${emitted.map(code).join(', ')}`]),
  ].join('\n');
};

function stateParts(node: StateNode): readonly string[] {
  const children = childrenOf(node);
  const rows = waysOut(node);
  const ways = rows.length === 0 ? [] : [table(['What leaves it', 'leads to', 'emits'], rows)];
  const initial = node.initial?.target[0];
  const begins = initial === undefined ? '' : ` Begins in [${pathOf(initial)}](#${anchor(pathOf(initial))}).`;
  const level = node.path.length === 1 ? '##' : '###';
  return [
    `${level} ${pathOf(node)} {#${anchor(pathOf(node))}}`,
    `${node.description ?? ''}${begins}`,
    ...(children.length === 0 ? [facts(node)] : []),
    ...ways,
    ...children.flatMap(stateParts),
  ];
}

const TAG_WORDS: Readonly<Record<string, string>> = {
  'user-input': 'a person is awaited',
  'rate-limited': 'a limit of the key is shut',
  'backing-off': 'a pause before the next try',
  'resolving-conflict': 'the job is read again, for its item version',
  'in-flight': 'a call is under way',
};

/** Every state of the machine: what it waits for, which call, which tags, what leaves it. */
export function statesPage({ root }: AnyStateMachine): string {
  const tags = new Set<string>();
  const collect = (node: StateNode): void => {
    for (const tag of node.tags) tags.add(tag);
    childrenOf(node).forEach(collect);
  };
  collect(root);
  return page(
    'States',
    'Every state of a job: what it waits for, which call it makes, which tags it has, and what leaves it.',
    [
      'The lifecycle states are the status words of the API, and four of ours: `preparing`, `downloading`, `detached`, and `completed`, which means that the result is here. Conditions are tried from the top to the bottom; a row without one is what happens otherwise. A job in a wait is still in its lifecycle state.',
      '![The statechart of a goal job](../statechart.svg)',
      '## Tags',
      '`snapshot.hasTag(…)`, or `tags` of a view:',
      table(
        ['tag', 'meaning'],
        [...tags].map((tag) => [code(tag), TAG_WORDS[tag] ?? '']),
      ),
      '## Everywhere {#everywhere}',
      'Whatever state a job is in:',
      table(['What leaves it', 'leads to', 'emits'], waysOut(root)),
      ...childrenOf(root).flatMap(stateParts),
    ],
  );
}
