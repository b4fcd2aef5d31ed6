import { createTestModel } from '@xstate/test';
import { usageMachine } from './usage-model.js';
import type { Move } from './usage-moves.js';

/** One way through the usage model: each move, and where the real job must stand after it. */
export type Path = readonly { readonly move: Move; readonly stands: string }[];

type State = ReturnType<typeof usageMachine.transition>;

/** Ends are ends, however they were come by. */
const keyOf = (state: State): string =>
  JSON.stringify(state.status === 'active' ? [state.value, state.context] : state.value);

// The beta's types want a branded string, and know nothing of states that are keyed by less than all they hold.
const model = createTestModel(usageMachine, { serializeState: keyOf as never });

type Steps = readonly { readonly event: { readonly type: string }; readonly state: State }[];

const isMove = (type: string): type is Move => !type.startsWith('xstate.');

const asPath = (steps: Steps): Path =>
  steps.flatMap(({ event: { type }, state }) =>
    isMove(type) ? [{ move: type, stands: String(state.value).replace('/', '.') }] : [],
  );

const nameOf = (path: Path): string => path.map(({ move }) => move).join(' ');

/** A path that another one begins with is walked with that one. */
function withoutPrefixes(paths: readonly Path[]): Path[] {
  const names = paths.map((path) => `${nameOf(path)} `).sort();
  const kept = new Set(names.filter((name, at) => !names[at + 1]?.startsWith(name)));
  return paths.filter((path) => path.length > 0 && kept.delete(`${nameOf(path)} `));
}

/** To every state by the shortest way, and from there by every move that is possible: each transition of the model is on a path. */
export function shortestPaths(): Path[] {
  const ways = new Map<string, Path>();
  // A path that is the beginning of another was left out: its state is found on the way.
  for (const { steps } of model.getShortestPaths())
    for (const [at, { state }] of steps.entries()) {
      const way = asPath(steps.slice(0, at + 1));
      if (way.length < (ways.get(keyOf(state))?.length ?? Number.POSITIVE_INFINITY))
        ways.set(keyOf(state), way);
    }
  const moves = model
    .getAdjacencyList()
    .filter(({ state, event }) => state.can(event))
    .map(
      ({ state, event, nextState }): Path => [
        ...(ways.get(keyOf(state)) ?? []),
        ...asPath([{ event, state: nextState }]),
      ],
    );
  return withoutPrefixes([...ways.values(), ...moves]);
}

/** What can be combined in more than one order; all of it together would be without end. */
const COMBINED: ReadonlySet<string> = new Set<Move>([
  'START_UNPREPARED',
  'OK',
  'SUBMIT',
  'SUBMIT_TITLES',
  'REPLY_LOST',
  'TOUCHED',
  'TIME_PASSES',
  'RETRY',
  'ADOPT',
]);

/** Every way from the start to the end that visits no state twice, under the faults that leave a choice of ways. */
export function simplePaths(): Path[] {
  const paths = model.getSimplePaths({
    filter: (_, { type }) => COMBINED.has(type),
    toState: ({ status }) => status !== 'active',
  });
  return withoutPrefixes(paths.map(({ steps }) => asPath(steps)));
}
