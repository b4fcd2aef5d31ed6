import { describe, expect, it } from 'vitest';
import type { GoalLaneOptions } from '../../../src/adapters/node/create-node-lane.js';
import type { LaneStartOptions } from '../../../src/engine/lane/index.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { InvalidInputError } from '../../../src/services/index.js';
import { createWorld } from '../durable/world.js';
import { laneScene, plainWorkflow } from './lane-scene.js';

const scene = () => laneScene({ workflows: [plainWorkflow('wf', 1_000)] });
const job = { workflowId: 'wf', files: ['a.txt'] };

/** Boundary: what a host in JavaScript may pass. */
const odd = <Options>(options: object): Options => options as Options;

describe('a lane', () => {
  it.each([
    [{ plan: 'gold' }, /plan is "gold"; allowed is 'free' or 'pro'/],
    [{ plan: 'constructor' }, /plan is "constructor"/],
    [{ plan: { concurrentJobs: Number.NaN } }, /plan.concurrentJobs is NaN/],
    [{ plan: { createsPerDay: -1 } }, /plan.createsPerDay is -1/],
    [{ concurrency: 0 }, /concurrency is 0/],
    [{ concurrency: Number.NaN }, /concurrency is NaN/],
    [{ pollOrder: 'random' }, /pollOrder is "random"/],
  ])('is not opened with %j', (options, words) => {
    expect(() => scene().lane(odd<GoalLaneOptions>(options))).toThrow(words);
  });

  it.each([
    [{ priority: Number.NaN }, /priority is NaN/],
    [{ priority: '1' }, /priority is "1"/],
    [{ id: '' }, /id is ""/],
    [{ id: {} }, /id is of type object/],
    [{ files: 'a.txt' }, /files is not a list/],
    [{ workflowId: ' ' }, /workflowId is empty/],
    [{ answers: { tone: Symbol('x') } }, /gives slot tone a value/],
    [{ slots: null }, /slots is null/],
  ])('starts no job with %j', async (more, words) => {
    const { lane: open, model } = scene();
    const lane = open();
    const start = () => lane.start({ ...job, ...odd<LaneStartOptions>(more) });
    expect(start).toThrow(InvalidInputError);
    expect(start).toThrow(words);
    expect(lane.jobs()).toEqual([]);
    expect(model.log).toEqual([]);
    await lane.close();
  });

  it('refuses what no slot can take also before the job is stored', async () => {
    const { lane: open } = scene();
    const lane = open({ store: createMemoryStore() });
    const handle = lane.start(job);
    expect(() => handle.submitSlots(odd({ tone: 1n }))).toThrow(InvalidInputError);
    await lane.close();
  });
});

describe('stored jobs', () => {
  it('start and resume nothing with an option that cannot be meant', async () => {
    const store = createMemoryStore();
    const jobs = createWorld(store).open('one');
    await expect(jobs.start({ ...job, answers: odd({ tone: 1n }) })).rejects.toThrow(InvalidInputError);
    expect((await store.list()).records).toEqual([]);
    const { id } = await jobs.start({ workflowId: 'wf', files: ['/in/a.txt'] });
    await jobs.close();
    const later = createWorld(store).open('two');
    await expect(later.resume(id, odd({ confirm: 'yes' }))).rejects.toThrow(/confirm is "yes"/);
    await expect(later.resumeAll(odd({ slots: 7 }))).rejects.toThrow(/slots is 7/);
  });
});
