import { describe, expect, expectTypeOf, it } from 'vitest';
import type { JobSource, LaneSource, LaneView } from '../../../src/engine/job/index.js';
import type { GoalLane } from '../../../src/engine/lane/index.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { laneScene, plainWorkflow, settle } from './lane-scene.js';

const workflows = [plainWorkflow('wf', 20_000)];
const newJob = (id: string, priority = 0) => ({ id, workflowId: 'wf', files: ['a.txt'], priority });
const stores = [
  ['without a store', () => ({})],
  ['with a store', () => ({ store: createMemoryStore() })],
] as const;

describe.each(stores)('the view of a lane %s', (_, own) => {
  it('reports to each waiting job its place in the queue, and updates it when one starts', async () => {
    const scene = laneScene({ workflows });
    const lane = scene.lane({ concurrency: 1, ...own() });
    const [first, second, third] = [
      lane.start(newJob('a')),
      lane.start(newJob('b')),
      lane.start(newJob('c')),
    ];
    const urgent = lane.start(newJob('u', 5));
    const places: (string | undefined)[] = [];
    const stop = third.subscribe(({ queue }) => {
      const place = queue && `${queue.place} of ${queue.of}`;
      if (place !== places.at(-1)) places.push(place);
    });
    await scene.clock.runUntil(() => first.view().state === 'executing' && third.view().queue?.of === 3);
    expect(third.view()).toMatchObject({ wait: { for: 'place' }, queue: { place: 3, of: 3 } });
    expect(second.view().queue).toEqual({ place: 2, of: 3 });
    expect(urgent.view().queue).toEqual({ place: 1, of: 3 });
    await settle(scene, second.result());
    expect(places.filter((place) => place !== undefined)).toEqual(['3 of 3', '2 of 2', '1 of 1']);
    stop();
    await settle(scene, third.result());
    expect(third.view().queue).toBeUndefined();
    await settle(scene, lane.close());
  });

  it('is the same object until something changes, and keeps the jobs that did not change', async () => {
    const scene = laneScene({ workflows });
    const lane = scene.lane({ concurrency: 1, ...own() });
    lane.start(newJob('a'));
    const waiting = lane.start(newJob('b'));
    await scene.clock.runUntil(() => waiting.view().queue !== undefined);
    const before = lane.view();
    expect(lane.view()).toBe(before);
    expect(before.jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    await scene.clock.runUntil(() => lane.view() !== before);
    expect(lane.view().jobs[1]).toBe(before.jobs[1]);
    await settle(scene, lane.close());
  });

  it('reports every change of every job to a subscriber, later jobs included', async () => {
    const scene = laneScene({ workflows });
    const lane = scene.lane(own());
    const views: LaneView[] = [];
    const stop = lane.subscribe((view) => views.push(view));
    const handle = lane.start(newJob('late'));
    await settle(scene, handle.result());
    expect(views.every((view, at) => view !== views[at - 1])).toBe(true);
    const states = views.map(({ jobs }) => jobs[0]?.view.state);
    expect([...new Set(states)]).toEqual([
      'preparing',
      'confirming',
      'executing',
      'downloading',
      'completed',
    ]);
    stop();
    const heard = views.length;
    await settle(scene, lane.start(newJob('unheard')).result());
    expect(views).toHaveLength(heard);
    await settle(scene, lane.close());
  });

  it('ends its events quietly where the signal of a reader aborts', async () => {
    const lane = laneScene({ workflows }).lane(own());
    const stop = new AbortController();
    const pending = lane.events({ signal: stop.signal }).next();
    stop.abort();
    expect(await pending).toEqual({ value: undefined, done: true });
    await lane.close();
  });
});

it('has the one shape of what shows jobs', () => {
  expectTypeOf<GoalLane>().toExtend<LaneSource>();
  expectTypeOf<ReturnType<GoalLane['start']>>().toExtend<JobSource>();
});
