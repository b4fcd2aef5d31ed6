import type { Chart, ChartEdge, Lifecycle } from './chart-model.js';
import { lifecycleOf } from './machine-walk.js';

/** Readable on a light and on a dark page. */
const FINALS: Readonly<Record<string, string>> = {
  completed: 'fill:#dcf5e4,stroke:#2c9a55,color:#16203a',
  failed: 'fill:#ffe4e2,stroke:#cf4437,color:#16203a',
  detached: 'fill:#e9edf3,stroke:#6b788f,color:#16203a',
};

function lifecycleLines({ path, name, flow, waits }: Lifecycle): string[] {
  const inside = flow.map((state) => state.name).join('<br/>');
  const waiting = waits.map((state) => state.name).join('<br/>');
  return [`  ${path}: <b>${name}</b><br/>${inside}`, ...(waiting === '' ? [] : [`  ${path}: ${waiting}`])];
}

/** What leads along an edge: the host's event, or the call whose answer does. */
function wordsOf(edge: ChartEdge, chart: Chart): string[] {
  if (edge.words.length > 0) return [...edge.words];
  const states = chart.lifecycles.flatMap((lifecycle) => lifecycle.flow);
  return states.flatMap((state) => (state.path === edge.from && state.call ? [state.call] : []));
}

/** One line between any two lifecycle states, with every word that leads along it. */
function outerLines(chart: Chart): string[] {
  const words = new Map<string, Set<string>>();
  for (const edge of chart.edges) {
    const [from, to] = [lifecycleOf(edge.from), lifecycleOf(edge.to)];
    if (from === to) continue;
    const key = `${from} --> ${to}`;
    words.set(key, new Set([...(words.get(key) ?? []), ...wordsOf(edge, chart)]));
  }
  return [...words].map(([key, all]) => `  ${key}${all.size === 0 ? '' : `: ${[...all].join('<br/>')}`}`);
}

/** The lifecycle states with what is inside them, for Mermaid as GitHub draws it. */
export function drawMermaid(chart: Chart): string {
  const first = chart.lifecycles[0];
  return [
    '%% Drawn by `npm run docs:chart` from the machine. Do not edit.',
    'stateDiagram-v2',
    '  direction LR',
    ...Object.entries(FINALS).map(([name, style]) => `  classDef ${name} ${style}`),
    ...chart.lifecycles.flatMap(lifecycleLines),
    ...(first === undefined ? [] : [`  [*] --> ${first.path}`]),
    ...outerLines(chart),
    ...chart.finals.flatMap(({ path, name, fromAnywhere, words }) => [
      ...(name in FINALS ? [`  class ${path} ${name}`] : []),
      `  ${path} --> [*]${fromAnywhere ? `: from any state${words.length === 0 ? '' : `<br/>${words.join(', ')}`}` : ''}`,
    ]),
    '',
  ].join('\n');
}
