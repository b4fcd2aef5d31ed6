import { type Box, bottom, right } from '../../src/adapters/chart/drawn-chart.js';
import type { Chart, ChartState, Final, Lifecycle } from './chart-model.js';

export interface PlacedState {
  readonly state: ChartState;
  readonly box: Box;
}

export interface PlacedLifecycle {
  readonly lifecycle: Lifecycle;
  readonly box: Box;
  readonly flow: readonly PlacedState[];
  readonly waits: readonly PlacedState[];
  /** Where the line above the waits stands. */
  readonly divider: number;
  /** 0 for the first of the row; a detour has the column of the state that it hangs beneath. */
  readonly column: number;
}

export interface PlacedFinal {
  readonly final: Final;
  readonly lines: readonly string[];
  readonly box: Box;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lifecycles: readonly PlacedLifecycle[];
  readonly finals: readonly PlacedFinal[];
  /** The space that the row leaves free beneath its short states. */
  readonly legend: Box;
}

/** Pixels, at the width of a README. */
export const SIZE = {
  width: 880,
  margin: 16,
  gap: 32,
  title: 62,
  header: 32,
  gutter: 13,
  chip: 36,
  chipGap: 16,
  wait: 21,
  waitGap: 4,
  below: 30,
  final: 36,
  finalLine: 15,
  finalGap: 20,
} as const;

const headerOf = (lifecycle: Lifecycle): number => SIZE.header + (lifecycle.events.length > 0 ? 14 : 0);

function placeLifecycle(
  lifecycle: Lifecycle,
  column: number,
  x: number,
  y: number,
  width: number,
): PlacedLifecycle {
  const step = SIZE.chip + SIZE.chipGap;
  const top = y + headerOf(lifecycle) + 14;
  const flow = lifecycle.flow.map((state, index) => ({
    state,
    box: { x: x + SIZE.gutter, y: top + index * step, width: width - 2 * SIZE.gutter, height: SIZE.chip },
  }));
  const divider = top + flow.length * step - SIZE.chipGap + 13;
  const waits = lifecycle.waits.map((state, index) => ({
    state,
    box: {
      x: x + 9,
      y: divider + 9 + index * (SIZE.wait + SIZE.waitGap),
      width: width - 18,
      height: SIZE.wait,
    },
  }));
  const end = divider + 9 + waits.length * (SIZE.wait + SIZE.waitGap) + 3;
  return { lifecycle, column, flow, waits, divider, box: { x, y, width, height: end - y } };
}

function placeRow(chart: Chart, y: number): PlacedLifecycle[] {
  const row = chart.lifecycles.filter((lifecycle) => !lifecycle.isDetour);
  const width = (SIZE.width - 2 * SIZE.margin - (row.length - 1) * SIZE.gap) / row.length;
  return row.map((lifecycle, column) =>
    placeLifecycle(lifecycle, column, SIZE.margin + column * (width + SIZE.gap), y, width),
  );
}

/** A detour hangs beneath the state that stands before it in the machine. */
function placeDetours(chart: Chart, row: readonly PlacedLifecycle[]): PlacedLifecycle[] {
  return chart.lifecycles.flatMap((lifecycle, index) => {
    if (!lifecycle.isDetour) return [];
    const before = chart.lifecycles.slice(0, index).reverse();
    const host = row.find((placed) => placed.lifecycle === before.find((candidate) => !candidate.isDetour));
    if (host === undefined) return [];
    return [
      placeLifecycle(lifecycle, host.column, host.box.x, bottom(host.box) + SIZE.below, host.box.width),
    ];
  });
}

/** What stands in the box of an end, beneath its name. */
const linesOf = (final: Final): string[] =>
  final.fromAnywhere
    ? ['from any state:', 'a call that fails', ...(final.words.length > 0 ? [final.words.join(' · ')] : [])]
    : ['final'];

/** The ends stand beneath the last state of the row. */
function placeFinals(chart: Chart, row: readonly PlacedLifecycle[]): PlacedFinal[] {
  const last = row.at(-1)?.box ?? { x: SIZE.margin, y: SIZE.title, width: SIZE.width, height: 0 };
  let y = bottom(last) + SIZE.below;
  return chart.finals.map((final) => {
    const lines = linesOf(final);
    const box = { ...last, y, height: SIZE.final + lines.length * SIZE.finalLine };
    y = bottom(box) + SIZE.finalGap;
    return { final, lines, box };
  });
}

/** The lifecycle states in a row, detours beneath it, the ends beneath its last state, and what the marks mean where there is room. */
export function layOut(chart: Chart, legendHeight: number): Layout {
  const row = placeRow(chart, SIZE.title);
  const lifecycles = [...row, ...placeDetours(chart, row)];
  const lowest = Math.max(...lifecycles.map(({ box }) => bottom(box)));
  const finals = placeFinals(chart, row);
  const second = row[1]?.box ?? { x: SIZE.margin, y: SIZE.title, width: 0, height: 0 };
  const third = row[2]?.box ?? second;
  const y = Math.max(bottom(second), bottom(third)) + SIZE.below;
  return {
    width: SIZE.width,
    height: Math.max(...finals.map(({ box }) => bottom(box)), lowest, y + legendHeight) + SIZE.margin,
    lifecycles,
    finals,
    legend: { x: second.x, y, width: right(third) - second.x, height: legendHeight },
  };
}
