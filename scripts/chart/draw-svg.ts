import {
  centre,
  type Layout,
  layOut,
  middle,
  type PlacedFinal,
  type PlacedLifecycle,
  type PlacedState,
  right,
  SIZE,
} from './chart-layout.js';
import { drawLegend, legendHeight } from './chart-legend.js';
import type { Chart, ChartState } from './chart-model.js';
import { routesOf } from './chart-routes.js';
import { styleSheet } from './chart-style.js';
import { lifecycleOf } from './machine-walk.js';
import { arrow, circle, escapeText, followMark, group, rect, text } from './svg-parts.js';

const tagClass = (state: ChartState): string =>
  state.tags[0] === undefined ? 'chip' : `tag tag-${state.tags[0]}`;

/** Where an event leads, seen from the chip that shows it. */
function direction(placed: PlacedState, to: string, lifecycle: PlacedLifecycle): string {
  const target = lifecycle.flow.find(({ state }) => state.path === to);
  if (target === undefined) return '→';
  return target.box.y < placed.box.y ? '↑' : '↓';
}

function drawFlowState(placed: PlacedState, lifecycle: PlacedLifecycle): string {
  const { state, box } = placed;
  const events = state.events.map(({ word, to }) => `${direction(placed, to, lifecycle)} ${word}`).join('  ');
  const second = events === '' ? (state.call ?? '') : events;
  const name = second === '' ? middle(box) + 4 : box.y + 15;
  return group(`${state.path}: ${state.description}`, [
    rect(box, 7, tagClass(state)),
    text(centre(box), name, 'state chip-text centre', state.name),
    ...(second === ''
      ? []
      : [text(centre(box), box.y + 29, `${events === '' ? 'soft' : 'event'} centre`, second)]),
    ...(state.follows ? [followMark(right(box) - 13, box.y + 11)] : []),
  ]);
}

function drawWait({ state, box }: PlacedState): string {
  return group(`${state.path}: ${state.description}`, [
    rect(box, 10.5, tagClass(state)),
    text(centre(box) - (state.follows ? 5 : 0), middle(box) + 4, 'chip-text centre', state.name),
    ...(state.follows ? [followMark(right(box) - 15, middle(box))] : []),
  ]);
}

function drawLifecycle(placed: PlacedLifecycle): string {
  const { lifecycle, box, flow, waits, divider } = placed;
  const ours = lifecycle.description.startsWith('Ours:') ? ' ours' : '';
  const first = flow.find(({ state }) => state.isInitial)?.box;
  const start = first && {
    x: first.x + 14,
    top: first.y - 13,
    y: first.y,
  };
  return group(`${lifecycle.path}: ${lifecycle.description}`, [
    rect(box, 10, `panel${ours}`),
    text(centre(box), box.y + 21, 'name centre', lifecycle.name),
    ...lifecycle.events.map(({ word }) => text(centre(box), box.y + 36, 'event centre', `↓ ${word}`)),
    ...(start === undefined
      ? []
      : [
          circle(start.x, start.top, 3.2, 'mark'),
          arrow(
            [
              [start.x, start.top],
              [start.x, start.y],
            ],
            'starts here',
            'step',
          ),
        ]),
    ...(waits.length === 0 ? [] : [`<path class="divider" d="M${box.x + 8} ${divider}H${right(box) - 8}"/>`]),
    ...flow.map((state) => drawFlowState(state, placed)),
    ...waits.map(drawWait),
  ]);
}

function drawFinal({ final, lines, box }: PlacedFinal): string {
  const inner = { x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6 };
  return group(`${final.path}: ${final.description}`, [
    rect(box, 10, `tag final-${final.name}`),
    rect(inner, 8, `tag ring final-${final.name}`),
    text(centre(box), box.y + 24, 'name centre', final.name),
    ...lines.map((line, index) =>
      text(centre(box), box.y + 40 + index * SIZE.finalLine, 'soft centre', line),
    ),
  ]);
}

function drawTitle(chart: Chart, layout: Layout): string[] {
  return [
    text(SIZE.margin, 28, 'title name', chart.title),
    text(SIZE.margin, 47, 'soft', chart.description),
    `<title>${escapeText(`${chart.title}: ${chart.description}`)}</title>`,
    rect({ x: 0.5, y: 0.5, width: layout.width - 1, height: layout.height - 1 }, 14, 'paper'),
  ].reverse();
}

/** The chart as one self-contained SVG: no scripts, no fonts and nothing else from outside; light and dark by the reader's setting. */
export function drawSvg(chart: Chart): string {
  const layout = layOut(chart, legendHeight(chart));
  const arrows = routesOf(layout, chart.edges).map(({ edge, points }) =>
    arrow(
      points,
      [`${edge.from} → ${edge.to}`, ...edge.words].join(' '),
      lifecycleOf(edge.from) === lifecycleOf(edge.to) ? 'step' : 'course',
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${Math.ceil(layout.height)}" viewBox="0 0 ${layout.width} ${Math.ceil(layout.height)}" role="img">`,
    '<!-- Drawn by `npm run docs:chart` from the machine. Do not edit. -->',
    `<style>${styleSheet}</style>`,
    ...drawTitle(chart, layout),
    ...layout.lifecycles.map(drawLifecycle),
    ...layout.finals.map(drawFinal),
    ...arrows,
    drawLegend(chart, layout.legend),
    '</svg>',
    '',
  ].join('\n');
}
