import { describe, expect, test } from 'vitest';
import { chartOf } from '../../scripts/chart/chart-model.js';
import { drawChart } from '../../scripts/chart/draw-chart.js';
import { childrenOf, pathOf, rawEdges, type StateNode } from '../../scripts/chart/machine-walk.js';
import { goalJobMachine } from '../../src/machines/index.js';

const chart = chartOf(goalJobMachine);
const edges = rawEdges(goalJobMachine.root);
const svg = drawChart(goalJobMachine)['docs/statechart.svg'] ?? '';
const leads = (from: string, to: string): boolean =>
  edges.some((edge) => edge.from === from && edge.to === to);

function statesUnder(node: StateNode): StateNode[] {
  return childrenOf(node).flatMap((child) => [child, ...statesUnder(child)]);
}

describe('what the chart leaves out is true of every state', () => {
  const calls = chart.lifecycles.flatMap((lifecycle) =>
    lifecycle.flow.filter((state) => state.tags.includes('in-flight')).map((state) => ({ state, lifecycle })),
  );

  test.each(calls)('$state.path may be interrupted by the waits beneath it', ({ state, lifecycle }) => {
    for (const wait of lifecycle.waits.filter(({ tags }) => !tags.includes('resolving-conflict')))
      expect(leads(state.path, wait.path), wait.path).toBe(true);
  });

  test.each(calls)('$state.path may lead to an end by its failure', ({ state }) => {
    expect(leads(state.path, 'detached') || leads(state.path, 'failed')).toBe(true);
  });

  test('law 7: to `failed` leads what reads where the job is, and what comes before there is a job', () => {
    const follows = new Set(calls.filter(({ state }) => state.follows).map(({ state }) => state.path));
    const others = edges.filter(({ from, to }) => to === 'failed' && !follows.has(from));
    const rereads = others.filter(({ from }) => !/refreshingVersion|readingAgain/.test(from));
    expect(rereads.length).toBeGreaterThan(5);
    expect(rereads.filter(({ from }) => from !== '' && !from.startsWith('preparing.'))).toEqual([]);
  });

  test.each(chart.lifecycles)(
    '$path: a wait goes back into the state that it interrupts',
    ({ flow, waits }) => {
      for (const wait of waits)
        if (!wait.follows)
          expect(
            flow.some((state) => leads(wait.path, state.path)),
            wait.path,
          ).toBe(true);
    },
  );

  test('a state with the mark can lead to each status word of the API', () => {
    const marked = chart.lifecycles
      .flatMap(({ flow, waits }) => [...flow, ...waits])
      .filter((s) => s.follows);
    expect(marked.length).toBeGreaterThan(3);
    for (const { path } of marked) {
      const reached = edges.filter(({ from }) => from === path).map(({ to }) => to.split('.')[0]);
      expect(reached).toEqual(
        expect.arrayContaining(['pending', 'confirming', 'executing', 'slot_needed', 'failed']),
      );
    }
  });
});

describe('what the chart shows', () => {
  test('every state of the machine stands in the picture', () => {
    const names = statesUnder(goalJobMachine.root).map(pathOf);
    expect(names.length).toBeGreaterThan(40);
    for (const path of names) expect(svg).toContain(`<title>${path}: `);
  });

  test('every event that a host may send stands in it as a word', () => {
    for (const word of ['SUBMIT_SLOTS', 'CONFIRM', 'RETRY', 'ADOPT', 'DETACH', 'REFRESH_DOWNLOAD'])
      expect(svg).toMatch(new RegExp(`>[^<]*\\b${word}\\b[^<]*</text>`));
  });

  test('what ends a job from anywhere stands with the end that it leads to', () => {
    expect(chart.finals.map(({ name, fromAnywhere, words }) => [name, fromAnywhere, words])).toEqual([
      ['completed', false, []],
      ['failed', false, []],
      ['detached', true, ['DETACH', 'deadline']],
    ]);
  });

  test('the row is the one of the API reference, and the checkpoint a detour from it', () => {
    const row = chart.lifecycles.filter((lifecycle) => !lifecycle.isDetour).map(({ name }) => name);
    expect(row).toEqual(['preparing', 'pending', 'confirming', 'executing', 'downloading']);
    expect(chart.lifecycles.filter(({ isDetour }) => isDetour).map(({ name }) => name)).toEqual([
      'slot_needed',
    ]);
  });

  test.each([
    ['preparing.creating', 'pending'],
    ['pending.deciding', 'confirming'],
    ['confirming.reading', 'executing'],
    ['executing.reading', 'slot_needed'],
    ['slot_needed.deciding', 'confirming'],
    ['executing.reading', 'downloading'],
    ['downloading.saving', 'completed'],
  ])('the way from %s to %s is drawn', (from, to) => {
    expect(chart.edges).toContainEqual(expect.objectContaining({ from, to }));
    expect(svg).toContain(`<title>${from} → ${to}</title>`);
  });

  test('every edge that is drawn is one of the machine', () => {
    for (const { from, to } of chart.edges) expect(leads(from, to), `${from} → ${to}`).toBe(true);
  });
});

describe('the file', () => {
  test('needs nothing from outside and runs nothing', () => {
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<script|@import|url\(|href|\son\w+=/,
    );
  });

  test('is as wide as a README, with no text below 11 px', () => {
    expect(svg).toContain('width="880"');
    const sizes = [...svg.matchAll(/font-size:([\d.]+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });

  test('has colours for the dark and gives every tag one in both', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
    for (const tag of chart.tags) expect(svg.split(`.tag-${tag}{`)).toHaveLength(3);
  });
});
