import type { AnyStateMachine } from 'xstate';
import { drawChart as drawPicture } from '../../src/adapters/chart/draw-chart.js';
import type { DrawnChart } from '../../src/adapters/chart/drawn-chart.js';
import { chartOf } from './chart-model.js';
import { drawMermaid } from './draw-mermaid.js';
import { drawnChartOf } from './drawn-chart-of.js';
import { svgText } from './svg-text.js';

/** One state or arrow a line, so that a change of the machine reads as one in a diff. */
function dataModule({ states, arrows, ...rest }: DrawnChart): string {
  const rows = (list: readonly unknown[]): string =>
    list.map((row) => `    ${JSON.stringify(row)},`).join('\n');
  const fields = Object.entries(rest).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  return `// Written by \`npm run docs:chart\` from the machine. Do not edit.
import type { DrawnChart } from './drawn-chart.js';

export const chartData: DrawnChart = {
${fields.join('\n')}
  states: [
${rows(states)}
  ],
  arrows: [
${rows(arrows)}
  ],
};
`;
}

/** Every file that `npm run docs:chart` writes, by its path in the project. */
export function drawChart(machine: AnyStateMachine): Readonly<Record<string, string>> {
  const chart = chartOf(machine);
  const drawn = drawnChartOf(chart);
  return {
    'docs/statechart.svg': svgText(drawPicture(drawn)),
    'docs/statechart.mmd': drawMermaid(chart),
    'src/adapters/chart/chart-data.ts': dataModule(drawn),
  };
}
