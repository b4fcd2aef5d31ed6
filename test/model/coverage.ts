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

/** How much there is, and how much was taken. */
interface Count {
  readonly taken: number;
  readonly all: number;
}

export interface Coverage {
  states(): Count;
  transitions(): Count;
  /** For `createActor`: writes down what one job does. */
  inspect(event: InspectionEvent): void;
  missingStates(): string[];
  missingTransitions(): AnyTransitionDefinition[];
}

/** Counts every state and every transition of a machine against those that real actors have taken. */
export function createCoverage(machine: AnyStateMachine): Coverage {
  const states = new Set(nodesOf(machine.root).map(({ id }) => id));
  const definitions = nodesOf(machine.root).flatMap((node) => listsOf(node).flat());
  const transitions = new Map(definitions.map((transition) => [nameOf(transition), transition]));
  const takenStates = new Set<string>();
  const taken = new Set<string>();
  const enter = (node: AnyStateNode): void => {
    for (let at: AnyStateNode | undefined = node; at !== undefined; at = at.parent) takenStates.add(at.id);
    for (const child of node.initial?.target ?? []) enter(child);
  };
  enter(machine.root);
  return {
    states: () => ({ taken: takenStates.size, all: states.size }),
    transitions: () => ({ taken: taken.size, all: transitions.size }),
    inspect(event) {
      if (event.type !== '@xstate.microstep') return;
      // A machine with other actors has transitions of its own: they are the same by name.
      for (const transition of event._transitions) {
        if (!transitions.has(nameOf(transition))) continue;
        taken.add(nameOf(transition));
        for (const node of transition.target ?? []) enter(node);
      }
    },
    missingStates: () => [...states].filter((id) => !takenStates.has(id)),
    missingTransitions: () =>
      [...transitions].flatMap(([name, transition]) => (taken.has(name) ? [] : [transition])),
  };
}
