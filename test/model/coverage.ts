import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition, InspectionEvent } from 'xstate';

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap((child) => nodesOf(child)),
];

const listsOf = (node: AnyStateNode): readonly (readonly AnyTransitionDefinition[])[] => [
  ...node.transitions.values(),
  ...(node.always === undefined ? [] : [node.always]),
];

/** A guarded branch is a transition of its own: state, event, position, and where it leads. */
export function nameOf(transition: AnyTransitionDefinition): string {
  const { source, eventType, target } = transition;
  const list = listsOf(source).find((candidates) => candidates.includes(transition)) ?? [];
  const to = target === undefined ? '(stays)' : target.map(({ id }) => id).join(', ');
  return `${source.id} | ${eventType || 'always'} | ${list.indexOf(transition) + 1} of ${list.length} → ${to}`;
}

export interface Coverage {
  readonly states: ReadonlySet<string>;
  readonly transitions: ReadonlySet<string>;
  readonly takenStates: ReadonlySet<string>;
  readonly takenTransitions: ReadonlySet<string>;
  /** For `createActor`: writes down what one job does. */
  inspect(event: InspectionEvent): void;
  missing(): string[];
}

/** Counts every state and every transition of a machine against those that real actors have taken. */
export function createCoverage(machine: AnyStateMachine): Coverage {
  const nodes = nodesOf(machine.root).filter((node) => node !== machine.root);
  const states = new Set(nodes.map(({ id }) => id));
  const transitions = new Set(
    nodesOf(machine.root).flatMap((node) => listsOf(node).flatMap((list) => list.map(nameOf))),
  );
  const takenStates = new Set<string>();
  const takenTransitions = new Set<string>();
  const enter = (node: AnyStateNode): void => {
    for (let at: AnyStateNode | undefined = node; at !== undefined; at = at.parent) takenStates.add(at.id);
    for (const child of node.initial?.target ?? []) enter(child);
  };
  enter(machine.root);
  return {
    states,
    transitions,
    takenStates,
    takenTransitions,
    inspect(event) {
      if (event.type !== '@xstate.microstep') return;
      for (const transition of event._transitions) {
        if (!transitions.has(nameOf(transition))) continue;
        takenTransitions.add(nameOf(transition));
        for (const node of transition.target ?? []) enter(node);
      }
    },
    missing: () => [
      ...[...states].filter((id) => !takenStates.has(id)),
      ...[...transitions].filter((name) => !takenTransitions.has(name)),
    ],
  };
}
