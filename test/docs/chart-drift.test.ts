import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { drawChart } from '../../scripts/chart/draw-chart.js';
import { goalJobMachine } from '../../src/machines/index.js';

const committed = (name: string): Promise<string> =>
  readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The machine with one word exchanged wherever it names a state, as somebody might change it. */
function withWord(from: string, to: string): AnyStateMachine {
  const change = (value: unknown): unknown => {
    // `#goalJob.downloading` names a state too.
    if (typeof value === 'string')
      return value
        .split('.')
        .map((part) => (part === from ? to : part))
        .join('.');
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key === from ? to : key, change(item)]),
    );
  };
  // The shape of a machine's config is kept: only words in it differ.
  return createMachine(
    change(goalJobMachine.config) as typeof goalJobMachine.config,
    goalJobMachine.implementations,
  );
}

const NAMES = ['docs/statechart.svg', 'docs/statechart.mmd', 'src/adapters/chart/chart-data.ts'];

describe('the committed chart', () => {
  test.each(NAMES)('%s is what the machine draws', async (name) => {
    const drawn = drawChart(goalJobMachine)[name];
    expect(drawn === (await committed(name)), `${name} has drifted: run npm run docs:chart`).toBe(true);
  });

  test('every file that is drawn is checked', () => {
    expect(Object.keys(drawChart(goalJobMachine))).toEqual(NAMES);
  });

  test.each([
    ['a state', 'queued', 'standingInLine'],
    ['a lifecycle state', 'downloading', 'fetching'],
    ['an event', 'SUBMIT_SLOTS', 'FILL_IN'],
    ['a wait', 'backingOff', 'resting'],
  ])('changing the name of %s is seen', async (_, from, to) => {
    const drawn = drawChart(withWord(from, to));
    expect(drawn['docs/statechart.svg']).toContain(to);
    expect(drawn['docs/statechart.svg']).not.toBe(await committed('docs/statechart.svg'));
    // Mermaid's twin shows the lifecycle: an event inside one of its states is not in it.
    if (from !== 'SUBMIT_SLOTS') expect(drawn['docs/statechart.mmd']).toContain(to);
  });

  test('changing only a tag shows', async () => {
    const drawn = drawChart(withWord('backing-off', 'pausing-a-while'));
    expect(drawn['docs/statechart.svg']).not.toBe(await committed('docs/statechart.svg'));
  });

  test('the same machine in other words draws the same, so the copy changes nothing by itself', () => {
    expect(drawChart(withWord('no such word', 'x'))).toEqual(drawChart(goalJobMachine));
  });
});
