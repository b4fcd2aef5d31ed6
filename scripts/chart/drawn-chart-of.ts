import { legendHeight } from '../../src/adapters/chart/chart-legend.js';
import type { DrawnChart, DrawnState } from '../../src/adapters/chart/drawn-chart.js';
import { layOut, type PlacedFinal, type PlacedLifecycle, type PlacedState } from './chart-layout.js';
import type { Chart, ChartState } from './chart-model.js';
import { routesOf } from './chart-routes.js';

type Words = Pick<DrawnState, 'path' | 'name' | 'description'>;
const wordsOf = ({ path, name, description }: Words): Words => ({ path, name, description });

const tagOf = ({ tags: [tag] }: ChartState): { tag?: string } => (tag === undefined ? {} : { tag });

/** Where an event leads, seen from the chip that shows it. */
function direction(placed: PlacedState, to: string, lifecycle: PlacedLifecycle): string {
  const target = lifecycle.flow.find(({ state }) => state.path === to);
  if (target === undefined) return '→';
  return target.box.y < placed.box.y ? '↑' : '↓';
}

const flowState =
  (lifecycle: PlacedLifecycle) =>
  (placed: PlacedState): DrawnState => {
    const { state, box } = placed;
    return {
      kind: 'state',
      ...wordsOf(state),
      box,
      ...tagOf(state),
      notes: state.call === undefined ? [] : [state.call],
      events: state.events.map(({ word, to }) => `${direction(placed, to, lifecycle)} ${word}`),
      ...(state.isInitial ? { isInitial: true } : {}),
      ...(state.follows ? { follows: true } : {}),
    };
  };

const waitState = ({ state, box }: PlacedState): DrawnState => ({
  kind: 'wait',
  ...wordsOf(state),
  box,
  ...tagOf(state),
  notes: [],
  events: [],
  ...(state.follows ? { follows: true } : {}),
});

const lifecycleState = ({ lifecycle, box, waits, divider }: PlacedLifecycle): DrawnState => ({
  kind: 'lifecycle',
  ...wordsOf(lifecycle),
  box,
  notes: [],
  events: lifecycle.events.map(({ word }) => `↓ ${word}`),
  ...(lifecycle.description.startsWith('Ours:') ? { isOurs: true } : {}),
  ...(waits.length === 0 ? {} : { divider }),
});

const finalState = ({ final, lines, box }: PlacedFinal): DrawnState => ({
  kind: 'final',
  ...wordsOf(final),
  box,
  notes: lines,
  events: [],
});

/** Everything with its place. */
export function drawnChartOf(chart: Chart): DrawnChart {
  const layout = layOut(chart, legendHeight(chart.tags));
  return {
    title: chart.title,
    description: chart.description,
    width: layout.width,
    height: layout.height,
    states: [
      ...layout.lifecycles.flatMap((placed) => [
        lifecycleState(placed),
        ...placed.flow.map(flowState(placed)),
        ...placed.waits.map(waitState),
      ]),
      ...layout.finals.map(finalState),
    ],
    arrows: routesOf(layout, chart.edges).map(({ edge: { from, to, words }, points }) => ({
      from,
      to,
      words,
      points,
    })),
    legend: layout.legend,
    tags: chart.tags,
  };
}
