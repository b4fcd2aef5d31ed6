import { arrowKey } from './draw-chart.js';
import {
  type Box,
  bottom,
  centre,
  type DrawnArrow,
  type DrawnChart,
  lifecycleOf,
  middle,
  type Point,
  right,
} from './drawn-chart.js';
import { arrow, group, rect, type SvgNode, text } from './svg-node.js';

/** One step of a job through the chart. */
export interface ChartStep {
  /** Absent for the first known state. */
  readonly from?: string;
  readonly to: string;
  /** The event, in words. */
  readonly title?: string;
  /** The names of the guard that allowed it and of its actions. */
  readonly guard?: string;
  readonly actions?: readonly string[];
}

/** The history of a job as marks on the chart. */
export interface ChartMarks {
  /** Classes by the `key` of a node. */
  readonly classes: ReadonlyMap<string, string>;
  /** Drawn over the picture: the last transition. */
  readonly overlay: readonly SvgNode[];
  readonly now?: string;
}

type Ends = Pick<DrawnArrow, 'from' | 'to'>;

/** The drawn arrow of a step: arrows start or end at a lifecycle state if the state inside does not matter. */
function arrowOf({ arrows }: DrawnChart, { from, to }: ChartStep): DrawnArrow | undefined {
  if (from === undefined) return undefined;
  const isOutside = lifecycleOf(from) !== lifecycleOf(to);
  const starts = isOutside ? [from, lifecycleOf(from)] : [from];
  const ends = isOutside ? [to, lifecycleOf(to)] : [to];
  return arrows.find((candidate: Ends) => starts.includes(candidate.from) && ends.includes(candidate.to));
}

const boxOf = ({ states }: DrawnChart, path: string): Box | undefined =>
  states.find((state) => state.path === path)?.box;

/** Where the line from the middle of a box to a point leaves the box. */
function leaves(box: Box, [tx, ty]: Point): Point {
  const [x, y] = [centre(box), middle(box)];
  const [dx, dy] = [tx - x, ty - y];
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : box.width / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : box.height / 2 / Math.abs(dy),
  );
  return Number.isFinite(scale) ? [x + dx * scale, y + dy * scale] : [x, y];
}

/** The path of a step that the picture shows only as a mark: straight from box to box. */
function straight(chart: DrawnChart, { from, to }: ChartStep): readonly Point[] {
  const [start, end] = [boxOf(chart, from ?? ''), boxOf(chart, to)];
  if (start === undefined || end === undefined) return [];
  return [leaves(start, [centre(end), middle(end)]), leaves(end, [centre(start), middle(start)])];
}

const LINE = 14;
const CHARACTER = 5.9;
const MAX_ACTIONS = 5;

function linesOf({ title, guard, actions = [] }: ChartStep): readonly (readonly [string, string])[] {
  const more = actions.length - MAX_ACTIONS;
  return [
    ...(title === undefined ? [] : [['callout-title', title] as const]),
    ...(guard === undefined ? [] : [['callout-guard', `if ${guard}`] as const]),
    ...actions.slice(0, MAX_ACTIONS).map((action) => ['callout-action', `do ${action}`] as const),
    ...(more > 0 ? [['callout-action', `and ${more} more`] as const] : []),
  ];
}

/** The label of the last arrow, kept inside the picture and off the current state's box. */
function callout(chart: DrawnChart, points: readonly Point[], step: ChartStep): SvgNode[] {
  const lines = linesOf(step);
  const tip = points.at(-1);
  if (lines.length === 0 || tip === undefined) return [];
  const lit = boxOf(chart, step.to);
  const width = Math.max(...lines.map(([, words]) => words.length)) * CHARACTER + 16;
  const height = lines.length * LINE + 10;
  const beside = right(lit ?? { x: tip[0], y: tip[1], width: 0, height: 0 }) + 8;
  const x = beside + width < chart.width - 4 ? beside : Math.max(4, (lit?.x ?? tip[0]) - width - 8);
  const y = Math.min(Math.max(4, tip[1] - height / 2), chart.height - height - 4);
  return [
    group(
      'The way last taken',
      [
        rect({ x, y, width, height }, 6, 'callout'),
        ...lines.map(([className, words], index) => text(x + 8, y + 16 + index * LINE, className, words)),
      ],
      'callout-group',
    ),
  ];
}

/**
 * The marks on the picture after these steps.
 * @param steps oldest first; the last one leads to the current state
 */
export function marksOf(chart: DrawnChart, steps: readonly ChartStep[]): ChartMarks {
  const classes = new Map<string, string>();
  for (const step of steps) {
    for (const path of [step.from, step.to])
      if (path !== undefined) classes.set(path, 'is-walked').set(lifecycleOf(path), 'is-walked');
    const along = arrowOf(chart, step);
    if (along !== undefined) classes.set(arrowKey(along), 'is-walked');
  }
  const last = steps.at(-1);
  if (last === undefined) return { classes, overlay: [] };
  classes.set(lifecycleOf(last.to), 'is-walked holds-now').set(last.to, 'is-walked is-now');
  const taken = steps.findLast(({ from, to }) => from !== undefined && from !== to);
  if (taken === undefined) return { classes, overlay: [], now: last.to };
  const along = arrowOf(chart, taken);
  if (along !== undefined) classes.set(arrowKey(along), 'is-walked is-last');
  const points = along?.points ?? straight(chart, taken);
  return {
    classes,
    now: last.to,
    overlay: [
      ...(along === undefined && points.length > 1
        ? [arrow(points, `${taken.from} → ${taken.to}`, 'is-last folded')]
        : []),
      ...callout(chart, points, taken),
    ],
  };
}

/** The centre of the current state's box, for a frame that is smaller than the picture. */
export function centreOf(chart: DrawnChart, path: string): Point | undefined {
  const box = boxOf(chart, path);
  return box && [centre(box), (box.y + bottom(box)) / 2];
}
