import type { AnyStateMachine } from 'xstate';
import { chartOf } from './chart-model.js';
import { drawMermaid } from './draw-mermaid.js';
import { drawSvg } from './draw-svg.js';

/** Every file that `npm run docs:chart` writes, by its name in `docs/`. */
export function drawChart(machine: AnyStateMachine): Readonly<Record<string, string>> {
  const chart = chartOf(machine);
  return { 'statechart.svg': drawSvg(chart), 'statechart.mmd': drawMermaid(chart) };
}
