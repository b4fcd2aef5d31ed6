import { describe, expect, it } from 'vitest';
import { endsAsAllowed } from './end-properties.js';
import type { Snapshot, World } from './environment.js';
import { type Explored, explore, type Fresh } from './explore.js';
import { busyLoops, traps } from './graph-properties.js';
import { stepProperties } from './step-properties.js';
import { worlds } from './worlds.js';

const properties = { ...stepProperties, 'ends only as the design allows': endsAsAllowed };

/** Breaches are told with the way that leads to them; a few are enough. */
const SHOWN = 3;

function breachesOf(world: World): { explored: Explored; breaches: string[] } {
  const found = new Map<string, { readonly edge: Fresh; readonly what: string }[]>();
  const explored = explore(world, (edge) => {
    for (const [name, property] of Object.entries(properties)) {
      const what = property(edge, world);
      const list = found.get(name) ?? [];
      if (what === undefined || list.length >= SHOWN) continue;
      found.set(name, [...list, { edge, what }]);
    }
  });
  const breaches = [...found].flatMap(([name, list]) =>
    list.map(({ edge, what }) => `${name}: ${what}, by ${explored.pathTo(edge.from)} → ${edge.event.label}`),
  );
  return { explored, breaches };
}

const shown = (explored: Explored, states: readonly Snapshot[]): string[] =>
  states.slice(0, SHOWN).map((state) => `${JSON.stringify(state.value)} by ${explored.pathTo(state)}`);

let states = 0;
let steps = 0;

// Seconds on a free machine; a shared one may need many times that.
describe('the machine against an environment that may answer anything', { timeout: 120_000 }, () => {
  it.each(Object.entries(worlds))('%s', (_, world) => {
    const { explored, breaches } = breachesOf(world);
    states += explored.states.length;
    steps += explored.tried;
    expect({
      breaches,
      traps: shown(explored, traps(explored)),
      loops: shown(explored, busyLoops(explored)),
    }).toEqual({
      breaches: [],
      traps: [],
      loops: [],
    });
    expect(explored.states.length).toBeGreaterThan(100);
  });

  it('prints how much was explored', () => {
    console.log(
      `exhaustive: ${states} states explored, ${steps} steps tried, ${Object.keys(worlds).length} worlds`,
    );
    expect(states).toBeGreaterThan(10_000);
  });
});
