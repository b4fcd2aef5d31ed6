import type { EnvironmentEvent } from './environment.js';
import type { Edges, Explored } from './explore.js';

/** Detaching, throwing and running out of time lead to an end from anywhere: they prove nothing about the chart. */
const isWayOn = (event: EnvironmentEvent): boolean =>
  event.by === 'answer' || event.by === 'refusal' || (event.by === 'host' && event.type !== 'DETACH');

/** Lists by number: for each state, those that a step leads from it to. */
function nextOf(count: number, from: readonly number[], to: readonly number[]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [edge, start] of from.entries()) {
    const end = to[edge];
    if (end !== undefined) lists[start]?.push(end);
  }
  return lists;
}

function chosen({ from, to, events }: Edges, isChosen: (edge: number, event: EnvironmentEvent) => boolean) {
  const isIn = events.map((event, edge) => isChosen(edge, event));
  return { from: from.filter((_, edge) => isIn[edge]), to: to.filter((_, edge) => isIn[edge]) };
}

const numbersOf = (isIn: readonly boolean[]): number[] => isIn.flatMap((is, state) => (is ? [state] : []));

/** Backwards from every end and every question to a person: whatever is not reached is a trap. Returns numbers of states. */
export function traps({ states, edges }: Explored): number[] {
  const on = chosen(edges, (_, event) => isWayOn(event));
  const before = nextOf(states.length, on.to, on.from);
  const isSaved = states.map(({ isRest }) => isRest);
  const queue = numbersOf(isSaved);
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const previous of before[state] ?? []) {
      if (isSaved[previous]) continue;
      isSaved[previous] = true;
      queue.push(previous);
    }
  }
  return numbersOf(isSaved.map((is) => !is));
}

/** Takes away, again and again, what nothing that is left leads to: cycles are left, and what they lead to. */
function peeled(isIn: readonly boolean[], from: readonly number[], to: readonly number[]): boolean[] {
  const after = nextOf(isIn.length, from, to);
  const incoming = isIn.map(() => 0);
  for (const [state, list] of after.entries())
    if (isIn[state]) for (const next of list) incoming[next] = (incoming[next] ?? 0) + 1;
  const isLeft = [...isIn];
  const queue = numbersOf(isIn.map((is, state) => is && incoming[state] === 0));
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    isLeft[state] = false;
    for (const next of after[state] ?? []) {
      const count = (incoming[next] ?? 0) - 1;
      incoming[next] = count;
      if (count === 0 && isLeft[next]) queue.push(next);
    }
  }
  return isLeft;
}

/**
 * States on or between cycles in which neither time passes nor a person speaks: there a server that
 * answers at once would be asked without a pause, and without an end. Returns their numbers.
 */
export function busyLoops({ states, edges }: Explored): number[] {
  const waits = (state: number | undefined): boolean => state !== undefined && states[state]?.isWait === true;
  const hot = chosen(
    edges,
    (edge, event) =>
      event.by !== 'host' && event.isLater !== true && !waits(edges.from[edge]) && !waits(edges.to[edge]),
  );
  const forth = peeled(
    states.map(() => true),
    hot.from,
    hot.to,
  );
  return numbersOf(peeled(forth, hot.to, hot.from));
}
