import type { Snapshot } from './environment.js';
import type { Edge, Explored } from './explore.js';

const isRest = (state: Snapshot): boolean => state.status !== 'active' || state.hasTag('user-input');

/** A wait: time passes in it, so a cycle through it is slow and, with a deadline, ends. */
const isWait = (state: Snapshot): boolean =>
  ['awaitingTurn', 'backingOff', 'rateLimited', 'queued'].some((name) =>
    JSON.stringify(state.value).includes(`"${name}"`),
  );

/** Detaching, throwing and running out of time lead to an end from anywhere: they prove nothing about the chart. */
const isWayOn = ({ event }: Edge): boolean =>
  event.by === 'answer' || event.by === 'refusal' || (event.by === 'host' && event.type !== 'DETACH');

/** Backwards from every end and every question to a person: whatever is not reached is a trap. */
export function traps({ states, edges }: Explored): Snapshot[] {
  const before = new Map<Snapshot, Snapshot[]>();
  for (const edge of edges.filter(isWayOn)) {
    const list = before.get(edge.to);
    if (list === undefined) before.set(edge.to, [edge.from]);
    else list.push(edge.from);
  }
  const saved = new Set(states.filter(isRest));
  const queue = [...saved];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const previous of before.get(state) ?? []) {
      if (saved.has(previous)) continue;
      saved.add(previous);
      queue.push(previous);
    }
  }
  return states.filter((state) => !saved.has(state));
}

/** Takes away, again and again, what nothing leads to: cycles are left, and what they lead to. */
function peeled(
  states: ReadonlySet<Snapshot>,
  steps: readonly (readonly [Snapshot, Snapshot])[],
): Set<Snapshot> {
  const after = new Map<Snapshot, Snapshot[]>();
  const incoming = new Map<Snapshot, number>();
  for (const [from, to] of steps) {
    if (!states.has(from) || !states.has(to)) continue;
    const list = after.get(from);
    if (list === undefined) after.set(from, [to]);
    else list.push(to);
    incoming.set(to, (incoming.get(to) ?? 0) + 1);
  }
  const left = new Set(states);
  const queue = [...states].filter((state) => !incoming.has(state));
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    left.delete(state);
    for (const next of after.get(state) ?? []) {
      const count = (incoming.get(next) ?? 0) - 1;
      incoming.set(next, count);
      if (count === 0) queue.push(next);
    }
  }
  return left;
}

/**
 * States on or between cycles in which neither time passes nor a person speaks: there a server that
 * answers at once would be asked without a pause, and without an end.
 */
export function busyLoops({ states, edges }: Explored): Snapshot[] {
  const waits = new Set(states.filter(isWait));
  const hot = edges.filter(
    ({ from, to, event }) =>
      event.by !== 'host' && event.isLater !== true && !waits.has(from) && !waits.has(to),
  );
  const forth = hot.map(({ from, to }) => [from, to] as const);
  const back = hot.map(({ from, to }) => [to, from] as const);
  return [...peeled(peeled(new Set(states), forth), back)];
}
