import { expect, test } from 'vitest';
import type { StateValue } from 'xstate';
import { chartData } from '../../../src/adapters/chart/chart-data.js';
import { marksOf } from '../../../src/adapters/chart/live-chart.js';
import { stepsOf } from '../../../src/adapters/console/page/job/chart-tab.js';
import { BUILT_IN_WORKFLOWS } from '../../../src/adapters/emulator/index.js';
import { statePath } from '../../../src/engine/job/index.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { laneScene } from '../../engine/lane/lane-scene.js';

const ANSWERS = {
  target_language: 'fr',
  tone: 'calm',
  length: 'one_page',
  confirmed_titles: 'Engineer',
  approved_outline: 'as it is',
  verdict: 'accept',
};

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
const lifecycleOf = (path: string): string => path.split('.')[0] ?? path;

test.each(BUILT_IN_WORKFLOWS.map(({ specId }) => specId))(
  'of a job of %s the marked boxes are the states that the engine entered, in their order, and one of them is lit',
  async (workflowId) => {
    const scene = laneScene({ workflows: BUILT_IN_WORKFLOWS });
    const entered: string[] = [];
    const store = createMemoryStore();
    const lane = scene.lane({
      store,
      inspect(event) {
        if (event.type !== '@xstate.snapshot') return;
        const { snapshot } = event;
        if (!('value' in snapshot && 'context' in snapshot)) return;
        // Boundary: of the machines, only that of the job is running.
        entered.push(statePath(snapshot.value as StateValue));
      },
    });
    const job = lane.start({ id: 'a', workflowId, files: ['a.txt', 'b.txt'], slots: ANSWERS });
    const ends = ['completed', 'failed'];
    await scene.clock.runUntil(() => ends.includes(job.view().state) || job.view().needs !== undefined);
    while (job.view().needs === 'slots') {
      void job.submitSlots(ANSWERS);
      await scene.clock.runUntil(() => job.view().needs === undefined);
      await scene.clock.runUntil(() => ends.includes(job.view().state) || job.view().needs !== undefined);
    }
    const { path } = job.view();
    const { entries } = await lane.history('a', { limit: 500 });
    const steps = stepsOf(entries, path);
    expect(unique(steps.map(({ to }) => to))).toEqual(unique(entered));
    const { classes, now } = marksOf(chartData, steps);
    const boxes = new Set(chartData.states.map((state) => state.path));
    const marked = [...classes].filter(([key, names]) => boxes.has(key) && names.includes('is-walked'));
    expect(marked.map(([key]) => key).sort()).toEqual(
      unique(entered.flatMap((one) => [one, lifecycleOf(one)])).toSorted(),
    );
    expect([...classes].filter(([, names]) => names.includes('is-now')).map(([key]) => key)).toEqual([now]);
    expect(now).toBe(path);
    await lane.close();
    await store.close();
  },
  20_000,
);
