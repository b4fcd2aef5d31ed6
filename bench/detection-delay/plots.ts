import { COLOURS, curve, legend, line, plotArea, rect, svg, text } from '../svg.js';
import type { Contender, Plan } from './contenders.js';
import type { Figures } from './measure.js';

const names = (all: readonly Figures[]): string[] => [...new Set(all.map(({ contender }) => contender.name))];

const colourOf = (all: readonly Figures[], contender: Contender): string =>
  COLOURS[names(all).indexOf(contender.name) % COLOURS.length] ?? '#888';

function twoColumns(all: readonly string[], y: number): string[] {
  const half = Math.ceil(all.length / 2);
  return [...legend(all.slice(0, half), 70, y), ...legend(all.slice(half), 390, y, COLOURS.slice(half))];
}

/** × U, of an oracle that knows the distribution each job was drawn from and may save reads: from a study with this simulation, on 8 and 2 seeds. */
const ORACLE: Readonly<Record<string, number>> = { Free: 0.57, Pro: 0.59 };

/** Bars: mean delay relative to U, fixed window, by plan. */
export function ratioPlot(plans: readonly Plan[], all: readonly Figures[]): string {
  const shown = all.filter(({ limiter }) => limiter === 'FW');
  const frame = {
    title: 'Mean detection delay relative to U (fixed window)',
    width: 720,
    height: 360,
    footer: 104,
  };
  const area = plotArea(
    frame,
    { min: 0, max: plans.length, ticks: [], label: '' },
    { min: 0, max: 3.4, ticks: [0, 1, 2, 3], label: '× U (bars above 3 are cut)' },
  );
  const many = names(shown).length;
  const bars = shown.flatMap((figures) => {
    const group = plans.indexOf(figures.plan);
    const at = names(shown).indexOf(figures.contender.name);
    const x = area.x(group + 0.08 + (at / many) * 0.6);
    const width = area.x((0.6 / many) * 0.85) - area.x(0);
    const height = Math.min(figures.ratio, 3);
    return [
      rect(x, area.y(height), width, area.bottom - area.y(height), colourOf(shown, figures.contender)),
      text(x + width / 2, area.y(height) - 3, figures.ratio.toFixed(2), 'middle', 8),
    ];
  });
  const oracle = plans.flatMap(({ name }, at) => {
    const ratio = ORACLE[name];
    if (ratio === undefined) return [];
    const [left, right] = [area.x(at + 0.08), area.x(at + 0.7)];
    return [
      line(left, area.y(ratio), right, area.y(ratio), '2 2'),
      text(right + 3, area.y(ratio) + 3, 'oracle', 'start', 8),
    ];
  });
  const labels = plans.map((plan, at) => text(area.x(at + 0.38), area.bottom + 16, plan.name, 'middle'));
  return svg(frame, [
    ...area.axes,
    line(area.left, area.y(1), area.right, area.y(1), '4 3'),
    ...bars,
    ...oracle,
    ...labels,
    ...twoColumns(names(shown), area.bottom + 36),
  ]);
}

/** Curves: part of the changes that were known within t, Business, fixed window. */
export function distributionPlot(all: readonly Figures[]): string {
  const shown = all.filter(({ limiter, plan }) => limiter === 'FW' && plan.name === 'Business');
  const frame = {
    title: 'Changes known within t (Business, fixed window)',
    width: 720,
    height: 380,
    footer: 120,
  };
  const area = plotArea(
    frame,
    { min: 0.1, max: 60, ticks: [0.1, 0.3, 1, 3, 10, 30], label: 't in seconds (log)' },
    { min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], label: 'part of all changes' },
    true,
  );
  const curves = shown.map(({ delaysMs, contender }) =>
    curve(
      Array.from({ length: 120 }, (_, step): [number, number] => {
        const t = 0.1 * 600 ** (step / 119);
        return [area.x(t), area.y(partWithin(delaysMs, t * 1_000))];
      }),
      colourOf(shown, contender),
    ),
  );
  return svg(frame, [...area.axes, ...curves, ...twoColumns(names(shown), area.bottom + 52)]);
}

function partWithin(sorted: readonly number[], ms: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low / Math.max(sorted.length, 1);
}
