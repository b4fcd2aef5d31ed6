import type { AnyStateMachine } from 'xstate';
import { childrenOf, lifecycleOf, pathOf, type RawEdge, rawEdges, type StateNode } from './machine-walk.js';

/** What is drawn: the machine with what repeats in every state folded into one mark. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  /** In the machine's order. */
  readonly lifecycles: readonly Lifecycle[];
  readonly finals: readonly Final[];
  readonly edges: readonly ChartEdge[];
  /** Every tag in use, in order of appearance. */
  readonly tags: readonly string[];
}

export interface ChartState {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The actor that it invokes. */
  readonly call?: string;
  /** Words that a host may send here. */
  readonly events: readonly { readonly word: string; readonly to: string }[];
  readonly isInitial: boolean;
  /** Continues to the lifecycle state that the server names. */
  readonly follows: boolean;
}

export interface Lifecycle {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly events: readonly { readonly word: string; readonly to: string }[];
  readonly flow: readonly ChartState[];
  /** The waits that interrupt its calls. */
  readonly waits: readonly ChartState[];
  /** It leads back to an earlier state of the row, so it hangs beneath the row. */
  readonly isDetour: boolean;
}

export interface Final {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Reached from every lifecycle state, so that no edge is drawn. */
  readonly fromAnywhere: boolean;
  /** What leads there from anywhere, besides a call that fails. */
  readonly words: readonly string[];
}

export interface ChartEdge {
  readonly from: string;
  readonly to: string;
  /** Words of the host's events that lead there; none where an answer or a decision does. */
  readonly words: readonly string[];
}

const WAIT_TAGS = new Set(['rate-limited', 'backing-off', 'resolving-conflict']);
const isWait = (node: StateNode): boolean => node.tags.some((tag) => WAIT_TAGS.has(tag));
const isFinal = (node: StateNode): boolean => node.type === 'final';
const textOf = (node: StateNode): string => node.description ?? '';

/** A state that can lead to most lifecycle states reads where the job is and follows it there. */
function followersIn(edges: readonly RawEdge[], lifecycles: readonly StateNode[]): ReadonlySet<string> {
  const names = lifecycles.map(pathOf);
  const reach = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (!names.includes(to)) continue;
    reach.set(from, (reach.get(from) ?? new Set()).add(to));
  }
  return new Set([...reach].filter(([, targets]) => targets.size > names.length / 2).map(([path]) => path));
}

const eventsAt = (edges: readonly RawEdge[], path: string): ChartState['events'] =>
  edges.flatMap(({ from, to, event }) => (from === path && event !== undefined ? [{ word: event, to }] : []));

/** The direct ways out of a lifecycle state, not counting those that follow the server. */
const exitsOf = (edges: readonly RawEdge[], path: string, followers: ReadonlySet<string>): string[] =>
  edges
    .filter(({ from, to }) => lifecycleOf(from) === path && lifecycleOf(to) !== path && !followers.has(from))
    .map(({ to }) => lifecycleOf(to));

interface Facts {
  readonly edges: readonly RawEdge[];
  readonly followers: ReadonlySet<string>;
  readonly lifecycles: readonly StateNode[];
  readonly waits: ReadonlySet<string>;
  readonly anywhere: ReadonlySet<string>;
}

function gather(root: StateNode): Facts {
  const edges = rawEdges(root);
  const lifecycles = childrenOf(root).filter((node) => !isFinal(node));
  const waits = lifecycles.flatMap((node) => childrenOf(node).filter(isWait).map(pathOf));
  const reachedFrom = (final: StateNode): Set<string> =>
    new Set(edges.filter(({ to }) => to === pathOf(final)).map(({ from }) => lifecycleOf(from)));
  const anywhere = childrenOf(root)
    .filter(isFinal)
    .filter((final) => lifecycles.every((node) => reachedFrom(final).has(pathOf(node))));
  return {
    edges,
    lifecycles,
    waits: new Set(waits),
    followers: followersIn(edges, lifecycles),
    anywhere: new Set(anywhere.map(pathOf)),
  };
}

function toState(node: StateNode, { edges, followers, anywhere }: Facts): ChartState {
  const path = pathOf(node);
  const call = node.invoke[0]?.src;
  return {
    path,
    name: node.key,
    description: textOf(node),
    tags: node.tags,
    ...(typeof call === 'string' ? { call } : {}),
    events: eventsAt(edges, path).filter(({ to }) => !anywhere.has(to)),
    isInitial: node.parent?.initial.target[0] === node,
    follows: followers.has(path),
  };
}

function toLifecycle(node: StateNode, facts: Facts): Lifecycle {
  const path = pathOf(node);
  const states = childrenOf(node);
  const order = facts.lifecycles.map(pathOf);
  const exits = exitsOf(facts.edges, path, facts.followers).filter((target) => order.includes(target));
  return {
    path,
    name: node.key,
    description: textOf(node),
    events: eventsAt(facts.edges, path),
    flow: states.filter((state) => !isWait(state)).map((state) => toState(state, facts)),
    waits: states.filter(isWait).map((state) => toState(state, facts)),
    isDetour: exits.length > 0 && exits.every((target) => order.indexOf(target) < order.indexOf(path)),
  };
}

function toFinal(node: StateNode, root: StateNode, { edges, anywhere }: Facts): Final {
  const path = pathOf(node);
  const sent = eventsAt(edges, '').flatMap(({ word, to }) => (to === path ? [word] : []));
  // What an actor's good answer leads to stands last: the branches before it are for its trouble.
  const answered = root.invoke.flatMap(({ id }) =>
    root.transitions.get(`xstate.done.actor.${id}`)?.at(-1)?.target?.includes(node) ? [id] : [],
  );
  const fromAnywhere = anywhere.has(path);
  const words = [...sent, ...answered];
  return { path, name: node.key, description: textOf(node), fromAnywhere, words };
}

/**
 * What a state that follows the server is drawn to lead to: from a state of the row without a way of its own,
 * the next of the row and the detour that leaves it. Everything else that it follows is shown by a mark.
 */
function isOnCourse(edge: RawEdge, lifecycles: readonly Lifecycle[], facts: Facts): boolean {
  const row = lifecycles.filter((lifecycle) => !lifecycle.isDetour);
  const from = row.findIndex((lifecycle) => lifecycle.path === lifecycleOf(edge.from));
  const next = row[from + 1]?.path;
  if (from < 0 || exitsOf(facts.edges, lifecycleOf(edge.from), facts.followers).includes(next ?? ''))
    return false;
  if (edge.to === next) return true;
  const target = lifecycles.findIndex((lifecycle) => lifecycle.path === edge.to);
  return lifecycles[target]?.isDetour === true && lifecycles[target - 1]?.path === lifecycleOf(edge.from);
}

function isDrawn(edge: RawEdge, lifecycles: readonly Lifecycle[], facts: Facts): boolean {
  const leaves = lifecycleOf(edge.from) !== lifecycleOf(edge.to);
  const isFollowed = facts.followers.has(edge.from) && (leaves || !edge.to.includes('.'));
  if (!edge.from.includes('.') || edge.from === edge.to) return false;
  if (facts.waits.has(edge.from) || facts.waits.has(edge.to) || facts.anywhere.has(edge.to)) return false;
  return !isFollowed || isOnCourse(edge, lifecycles, facts);
}

function drawnEdges(lifecycles: readonly Lifecycle[], facts: Facts): ChartEdge[] {
  const drawn = new Map<string, ChartEdge>();
  for (const edge of facts.edges.filter((candidate) => isDrawn(candidate, lifecycles, facts))) {
    const key = `${edge.from} ${edge.to}`;
    const words = edge.event === undefined ? [] : [edge.event];
    drawn.set(key, { from: edge.from, to: edge.to, words: [...(drawn.get(key)?.words ?? []), ...words] });
  }
  return [...drawn.values()];
}

/** Reads what is to be drawn off the machine. Nothing here names a state: what is folded follows from rules. */
export function chartOf(machine: AnyStateMachine): Chart {
  const { root } = machine;
  const facts = gather(root);
  const lifecycles = facts.lifecycles.map((node) => toLifecycle(node, facts));
  const states = lifecycles.flatMap((lifecycle) => [...lifecycle.flow, ...lifecycle.waits]);
  return {
    title: machine.id,
    description: textOf(root),
    lifecycles,
    finals: childrenOf(root)
      .filter(isFinal)
      .map((node) => toFinal(node, root, facts)),
    edges: drawnEdges(lifecycles, facts),
    tags: [...new Set(states.flatMap((state) => state.tags))],
  };
}
