import { drawLegend } from './chart-legend.js';
import {
  centre,
  type DrawnArrow,
  type DrawnChart,
  type DrawnState,
  lifecycleOf,
  middle,
  right,
} from './drawn-chart.js';
import { arrow, circle, followMark, group, keyed, line, node, rect, type SvgNode, text } from './svg-node.js';

const MARGIN = 16;
/** Distance between two lines in the box of a final state. */
const NOTE_LINE = 15;

const chipClass = ({ tag }: DrawnState): string => (tag === undefined ? 'chip' : `tag tag-${tag}`);

function drawLifecycle({ box, name, events, isOurs, divider }: DrawnState): SvgNode[] {
  return [
    rect(box, 10, `panel${isOurs ? ' ours' : ''}`),
    text(centre(box), box.y + 21, 'name centre', name),
    ...events.map((word) => text(centre(box), box.y + 36, 'event centre', word)),
    ...(divider === undefined ? [] : [line('divider', `M${box.x + 8} ${divider}H${right(box) - 8}`)]),
  ];
}

function startMark({ box }: DrawnState): SvgNode[] {
  const [x, top] = [box.x + 14, box.y - 13];
  return [
    circle(x, top, 3.2, 'mark'),
    arrow(
      [
        [x, top],
        [x, box.y],
      ],
      'starts here',
      'step',
    ),
  ];
}

function drawState(state: DrawnState): SvgNode[] {
  const { box, name, notes, events } = state;
  const [second, tone] = events.length > 0 ? [events.join('  '), 'event'] : [notes.join(' '), 'soft'];
  const y = second === '' ? middle(box) + 4 : box.y + 15;
  return [
    ...(state.isInitial ? startMark(state) : []),
    rect(box, 7, chipClass(state)),
    text(centre(box), y, 'state chip-text centre', name),
    ...(second === '' ? [] : [text(centre(box), box.y + 29, `${tone} centre`, second)]),
    ...(state.follows ? [followMark(right(box) - 13, box.y + 11)] : []),
  ];
}

function drawWait(state: DrawnState): SvgNode[] {
  const { box, name, follows } = state;
  return [
    rect(box, 10.5, chipClass(state)),
    text(centre(box) - (follows ? 5 : 0), middle(box) + 4, 'chip-text centre', name),
    ...(follows ? [followMark(right(box) - 15, middle(box))] : []),
  ];
}

function drawFinal({ box, name, notes }: DrawnState): SvgNode[] {
  const inner = { x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6 };
  return [
    rect(box, 10, `tag final-${name}`),
    rect(inner, 8, `tag ring final-${name}`),
    text(centre(box), box.y + 24, 'name centre', name),
    ...notes.map((note, index) => text(centre(box), box.y + 40 + index * NOTE_LINE, 'soft centre', note)),
  ];
}

const DRAW = { lifecycle: drawLifecycle, state: drawState, wait: drawWait, final: drawFinal } as const;

export const arrowKey = ({ from, to }: Pick<DrawnArrow, 'from' | 'to'>): string => `${from} > ${to}`;

const drawArrow = ({ from, to, words, points }: DrawnArrow): SvgNode =>
  keyed(
    arrowKey({ from, to }),
    arrow(
      points,
      [`${from} → ${to}`, ...words].join(' '),
      lifecycleOf(from) === lifecycleOf(to) ? 'step' : 'course',
    ),
  );

/** The whole picture. States have their path as `key`, arrows their {@link arrowKey}, which a live picture uses to mark them. */
export function drawChart(chart: DrawnChart): SvgNode {
  const { width, height, title, description } = chart;
  const size = { width: String(width), height: String(Math.ceil(height)) };
  return node('svg', { ...size, viewBox: `0 0 ${width} ${Math.ceil(height)}`, role: 'img' }, [
    rect({ x: 0.5, y: 0.5, width: width - 1, height: Math.ceil(height) - 1 }, 14, 'paper'),
    node('title', {}, [`${title}: ${description}`]),
    text(MARGIN, 47, 'soft', description),
    text(MARGIN, 28, 'title name', title),
    ...chart.states.map((state) =>
      keyed(state.path, group(`${state.path}: ${state.description}`, DRAW[state.kind](state))),
    ),
    ...chart.arrows.map(drawArrow),
    drawLegend(chart.tags, chart.legend),
  ]);
}
