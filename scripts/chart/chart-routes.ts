import { type Box, bottom, centre, middle, type Point, right } from '../../src/adapters/chart/drawn-chart.js';
import { type Layout, type PlacedLifecycle, SIZE } from './chart-layout.js';
import type { ChartEdge } from './chart-model.js';
import { lifecycleOf } from './machine-walk.js';

export interface Route {
  readonly edge: ChartEdge;
  readonly points: readonly Point[];
}

/** Lines that share a side of a chip keep apart by so much. */
const APART = 8;
const LANES = [6, 11] as const;

interface Places {
  readonly lifecycles: ReadonlyMap<string, PlacedLifecycle>;
  readonly boxes: ReadonlyMap<string, Box>;
}

function placesIn(layout: Layout): Places {
  const boxes = new Map<string, Box>();
  for (const { lifecycle, box, flow } of layout.lifecycles) {
    boxes.set(lifecycle.path, box);
    for (const { state, box: chip } of flow) boxes.set(state.path, chip);
  }
  for (const { final, box } of layout.finals) boxes.set(final.path, box);
  return { boxes, lifecycles: new Map(layout.lifecycles.map((placed) => [placed.lifecycle.path, placed])) };
}

interface Span {
  readonly edge: ChartEdge;
  readonly from: number;
  readonly to: number;
}

/** Ways inside one lifecycle state, which is a stack: neighbours are joined straight, the rest along a gutter. */
function innerRoutes(placed: PlacedLifecycle, edges: readonly ChartEdge[]): Route[] {
  const index = (path: string): number => placed.flow.findIndex(({ state }) => state.path === path);
  const spans = edges
    .map((edge) => ({ edge, from: index(edge.from), to: index(edge.to) }))
    .filter(({ from, to }) => from >= 0 && to >= 0);
  const isNear = ({ from, to }: Span): boolean => Math.abs(from - to) === 1;
  const hasReturn = ({ from, to }: Span): boolean =>
    spans.some((other) => other.from === to && other.to === from);
  const far = spans.filter((span) => !isNear(span));
  return [
    ...spans.filter(isNear).map((span) => straight(placed, span, hasReturn(span))),
    ...gutterRoutes(
      placed,
      far.filter(({ from, to }) => to > from),
      1,
    ),
    ...gutterRoutes(
      placed,
      far.filter(({ from, to }) => to < from),
      -1,
    ),
  ];
}

function boxAt(placed: PlacedLifecycle, index: number): Box {
  return placed.flow[index]?.box ?? placed.box;
}

function straight(placed: PlacedLifecycle, { edge, from, to }: Span, hasReturn: boolean): Route {
  const [start, end] = [boxAt(placed, from), boxAt(placed, to)];
  const x = centre(start) + (hasReturn ? (to > from ? -APART : APART) : 0);
  return {
    edge,
    points:
      to > from
        ? [
            [x, bottom(start)],
            [x, end.y],
          ]
        : [
            [x, start.y],
            [x, bottom(end)],
          ],
  };
}

/** Lines to one target share a lane; lines to another keep to the next lane where they would overlap. */
function gutterRoutes(placed: PlacedLifecycle, spans: readonly Span[], side: 1 | -1): Route[] {
  const targets = [...new Set(spans.map(({ to }) => to))];
  const reach = (target: number): [number, number] => {
    const ends = spans.filter(({ to }) => to === target).flatMap(({ from, to }) => [from, to]);
    return [Math.min(...ends), Math.max(...ends)];
  };
  const lanes = new Map<number, number>();
  for (const target of targets) {
    const [low, high] = reach(target);
    const taken = [...lanes].filter(([other]) => reach(other)[0] < high && reach(other)[1] > low);
    lanes.set(
      target,
      LANES.findIndex((_, lane) => !taken.some(([, used]) => used === lane)),
    );
  }
  return spans.map(({ edge, from, to }) => {
    const [start, end] = [boxAt(placed, from), boxAt(placed, to)];
    const edgeOf = (box: Box): number => (side > 0 ? right(box) : box.x);
    const x = edgeOf(start) + side * (LANES[lanes.get(to) ?? 0] ?? LANES[0]);
    const [leave, arrive] = [middle(start) + side * APART, middle(end) - side * APART];
    return {
      edge,
      points: [
        [edgeOf(start), leave],
        [x, leave],
        [x, arrive],
        [edgeOf(end), arrive],
      ],
    };
  });
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A height at which a line can enter a box from the side, as near as may be to where the line is. */
const entry = (box: Box, y: number): number => clamp(y, box.y + 14, bottom(box) - 14);

/** Ways from one lifecycle state to another, through the gap between the columns. */
function outerRoute(
  edge: ChartEdge,
  from: PlacedLifecycle,
  start: Box,
  target: Box,
  to?: PlacedLifecycle,
): Route {
  const y = middle(start);
  const gapRight = right(from.box) + SIZE.gap / 2;
  const isAbove = bottom(target) < y;
  if (to !== undefined && to.column > from.column) {
    const enter = to.lifecycle.isDetour ? target.y + 16 : entry(target, y);
    const points: Point[] = [
      [right(start), y],
      [gapRight, y],
      [gapRight, enter],
      [target.x, enter],
    ];
    return {
      edge,
      points:
        enter === y
          ? [
              [right(start), y],
              [target.x, y],
            ]
          : points,
    };
  }
  if (to !== undefined && isAbove) {
    return {
      edge,
      points: [
        [start.x, y],
        [centre(target), y],
        [centre(target), bottom(target)],
      ],
    };
  }
  if (to !== undefined && to.column < from.column) {
    const back = y + 13;
    return {
      edge,
      points: [
        [start.x, back],
        [right(target), entry(target, back)],
      ],
    };
  }
  // Beneath: along the right side and back in.
  const isFinal = to === undefined;
  const lane = isFinal ? right(from.box) - 4 : gapRight;
  const leave = isFinal ? y : y + APART;
  const enter = isFinal ? target.y : target.y + 16;
  const last: Point[] = isFinal
    ? [[lane, enter]]
    : [
        [lane, enter],
        [right(target), enter],
      ];
  return { edge, points: [[right(start), leave], [lane, leave], ...last] };
}

/** The points that each edge goes through; corners are rounded when they are drawn. */
export function routesOf(layout: Layout, edges: readonly ChartEdge[]): Route[] {
  const places = placesIn(layout);
  const inner = layout.lifecycles.flatMap((placed) => innerRoutes(placed, edges));
  const done = new Set(inner.map(({ edge }) => edge));
  const outer = edges
    .filter((edge) => !done.has(edge))
    .map((edge) => {
      const from = places.lifecycles.get(lifecycleOf(edge.from));
      const start = places.boxes.get(edge.from);
      const target = places.boxes.get(lifecycleOf(edge.to));
      if (from === undefined || start === undefined || target === undefined)
        throw new Error(`chart: no way to draw ${edge.from} → ${edge.to}`);
      return outerRoute(edge, from, start, target, places.lifecycles.get(edge.to));
    });
  return [...inner, ...outer];
}
