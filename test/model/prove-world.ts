import type { AnyTransitionDefinition } from 'xstate';
import { nameOf } from './coverage.js';
import { endsAsAllowed } from './end-properties.js';
import { type Explored, explore, type Fresh } from './explore.js';
import { busyLoops, traps } from './graph-properties.js';
import { stepProperties } from './step-properties.js';
import { worlds } from './worlds.js';

const properties = Object.entries({ ...stepProperties, 'ends only as the design allows': endsAsAllowed });

/** Breaches are reported with the path that leads to them; a few are enough. */
const SHOWN = 3;

/** What was found in a world, as plain data: it comes from another thread. */
export interface Proof {
  readonly world: string;
  readonly states: number;
  readonly steps: number;
  readonly breaches: readonly string[];
  readonly traps: readonly string[];
  readonly loops: readonly string[];
  /** For each transition that can be taken, the labels of a shortest way that ends with it. */
  readonly ways: Readonly<Record<string, readonly string[]>>;
}

const shown = ({ states, wayTo }: Explored, found: readonly number[]): string[] =>
  found
    .slice(0, SHOWN)
    .map((state) => `${JSON.stringify(states[state]?.value)} by ${wayTo(state).join(' → ')}`);

/** Sees each step once: judges it, and remembers the first that takes a transition. */
function witness(name: string) {
  const world = worlds[name];
  if (world === undefined) throw new Error(`there is no world ${name}`);
  const found = new Map<string, { readonly step: Fresh; readonly what: string }[]>();
  const takers = new Map<AnyTransitionDefinition, Fresh>();
  const explored = explore(world, (step) => {
    for (const transition of step.taken) if (!takers.has(transition)) takers.set(transition, step);
    for (const [property, judge] of properties) {
      const what = judge(step, world);
      if (what === undefined) continue;
      const list = found.get(property) ?? [];
      if (list.length < SHOWN) found.set(property, [...list, { step, what }]);
    }
  });
  return { explored, found, takers };
}

/** Explores a world, once, and judges each step and the whole. */
export function proveWorld(name: string): Proof {
  const { explored, found, takers } = witness(name);
  const wayOf = ({ at, event }: Fresh): string[] => [...explored.wayTo(at), event.label];
  const breaches = [...found].flatMap(([property, list]) =>
    list.map(({ step, what }) => `${property}: ${what}, by ${wayOf(step).join(' → ')}`),
  );
  const [lost, busy] = [traps(explored), busyLoops(explored)];
  return {
    ...{ world: name, states: explored.states.length, steps: explored.tried },
    ...{ breaches, traps: shown(explored, lost), loops: shown(explored, busy) },
    ways: Object.fromEntries([...takers].map(([transition, step]) => [nameOf(transition), wayOf(step)])),
  };
}
