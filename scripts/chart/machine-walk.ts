import type { AnyStateMachine } from 'xstate';

export type StateNode = AnyStateMachine['root'];

/** One way from a state to another, as the machine has it. */
export interface RawEdge {
  /** Dotted paths; the root is the empty path. */
  readonly from: string;
  readonly to: string;
  /** The word of a host's event; absent where an actor's answer or nothing at all triggers it. */
  readonly event?: string;
}

export const pathOf = (node: StateNode): string => node.path.join('.');
export const childrenOf = (node: StateNode): StateNode[] => Object.values(node.states);

/** The part of a path that names the lifecycle state. */
export const lifecycleOf = (path: string): string => path.split('.')[0] ?? '';

const isInternal = (event: string): boolean => event === '' || event.startsWith('xstate.');

function edgesFrom(node: StateNode): RawEdge[] {
  const named = [...node.transitions].flatMap(([event, transitions]) =>
    transitions.map((transition) => ({ event, transition })),
  );
  const always = (node.always ?? []).map((transition) => ({ event: '', transition }));
  return [...named, ...always].flatMap(({ event, transition }) =>
    (transition.target ?? []).map((target) => ({
      from: pathOf(node),
      to: pathOf(target),
      ...(isInternal(event) ? {} : { event }),
    })),
  );
}

/** Every way through the machine that leads somewhere, depth first, without repeats. */
export function rawEdges(root: StateNode): RawEdge[] {
  const found = new Map<string, RawEdge>();
  const visit = (node: StateNode): void => {
    for (const edge of edgesFrom(node)) found.set(`${edge.from} ${edge.to} ${edge.event ?? ''}`, edge);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return [...found.values()];
}
