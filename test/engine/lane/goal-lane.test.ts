import { describe, expect, it } from 'vitest';
import type { LaneEvent } from '../../../src/engine/lane/index.js';
import { job, laneScene, plainWorkflow, run, settle, statuses } from './lane-scene.js';

describe('a lane at full concurrency', () => {
  it.each([
    ['business', 'fixed', 100],
    ['pro', 'sliding', 25],
    ['pro', 'bucket', 25],
  ] as const)(
    'uses the limits of %s on a %s limiter for %d jobs without a 429',
    async (plan, limiter, jobs) => {
      const workflows = [plainWorkflow('short', 9_000), plainWorkflow('long', 26_000, { curve: 'noisy' })];
      const scene = laneScene({ plan, limiter, workflows });
      const lane = scene.lane({ plan });
      const outputs = await run(scene, lane, jobs, ['short', 'long']);
      expect(statuses(outputs)).toEqual(['completed']);
      expect(scene.refusals()).toEqual([]);
      expect(scene.model.log.filter(({ tooSoon }) => tooSoon)).toEqual([]);
      expect(scene.count('catalog')).toBe(1);
    },
  );

  it.each(['fixed', 'sliding', 'bucket'] as const)(
    'shares a Free key with another lane that it does not talk to, on a %s limiter',
    async (limiter) => {
      const scene = laneScene({ plan: 'free', limiter, workflows: [plainWorkflow('wf', 45_000)] });
      const lanes = [scene.lane(), scene.lane()];
      const outputs = await settle(
        scene,
        Promise.all(lanes.flatMap((lane) => Array.from({ length: 5 }, () => lane.start(job).result()))),
      );
      expect(statuses(outputs)).toEqual(['completed']);
      expect(scene.refusals().length).toBeLessThanOrEqual(2);
      expect(scene.refusals().filter(({ endpoint }) => endpoint === 'status')).toEqual([]);
      expect(scene.count('create')).toBe(10 + scene.refusals().length);
    },
  );
});

describe('places for jobs at once', () => {
  it('finds out how many there are where the plan is not known, at the price of one refusal', async () => {
    const scene = laneScene({ plan: 'pro', workflows: [plainWorkflow('wf', 60_000)] });
    const lane = scene.lane();
    const all = run(scene, lane, 30);
    await scene.clock.advance(25_000);
    expect(lane.budget().places.taken).toBeGreaterThanOrEqual(20);
    expect(statuses(await all)).toEqual(['completed']);
    expect(scene.refusals().length).toBeLessThanOrEqual(1);
  });

  it('never has more jobs at once than the host wants', async () => {
    const scene = laneScene({ plan: 'pro', workflows: [plainWorkflow('wf', 10_000)] });
    const lane = scene.lane({ plan: 'pro', concurrency: 2 });
    let most = 0;
    let running = 0;
    lane.on('*', ({ type }) => {
      if (type === 'created') running += 1;
      if (type === 'completed') running -= 1;
      most = Math.max(most, running);
    });
    await run(scene, lane, 6);
    expect(most).toBe(2);
  });

  it('lets a job that waits for a person hold its place, and no other', async () => {
    const checkpoints = [{ checkpointId: 'c', at: 0.5, slots: [{ slotId: 's', type: 'text' as const }] }];
    const workflows = [plainWorkflow('wf', 10_000), plainWorkflow('asks', 4_000, { checkpoints })];
    const scene = laneScene({ plan: 'free', workflows });
    const lane = scene.lane({ plan: { concurrentJobs: 2 } });
    const asking = lane.start({ workflowId: 'asks', files: ['a.txt'] });
    const others = await run(scene, lane, 4);
    expect(statuses(others)).toEqual(['completed']);
    expect(asking.view().path).toBe('slot_needed.awaitingSlots');
    expect(lane.budget().places.taken).toBe(1);
    asking.submitSlots({ s: 'yes' });
    expect((await settle(scene, asking.result())).status).toBe('completed');
  });
});

describe('the queue', () => {
  it('keeps the order, higher priority first, and is seen', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane({ concurrency: 1 });
    const order: string[] = [];
    lane.on('created', ({ jobId }) => order.push(jobId));
    lane.start({ ...job, id: 'first' });
    await scene.clock.advance(1_000);
    for (const id of ['a', 'b', 'c']) lane.start({ ...job, id });
    lane.start({ ...job, id: 'urgent', priority: 5 });
    await scene.clock.advance(1_000);
    expect(lane.job('a')?.view().path).toBe('preparing.queued');
    expect(lane.budget().places).toEqual({ limit: 1, taken: 1, waiting: 4 });
    await lane.job('b')?.detach();
    await settle(scene, Promise.all(lane.jobs().map((handle) => handle.result())));
    expect(order).toEqual(['first', 'urgent', 'a', 'c']);
    expect(scene.count('upload')).toBe(0);
  });

  it('waits for the creations of another day, until a time that the host sees', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane({ plan: 'free' });
    const limited: LaneEvent[] = [];
    lane.on('rateLimited', (event) => limited.push(event));
    for (let at = 0; at < 12; at += 1) lane.start({ ...job, id: `j${at}` });
    await scene.clock.advance(120_000);
    const midnight = Date.UTC(2026, 2, 31);
    const waiting = lane.job('j11')?.view();
    expect(waiting).toMatchObject({ path: 'preparing.rateLimited', tags: ['rate-limited'] });
    expect(waiting?.waitingUntil).toBeGreaterThanOrEqual(midnight);
    expect(waiting?.waitingUntil).toBeLessThan(midnight + 5_000);
    expect(limited.map(({ jobId }) => jobId)).toEqual(['j10', 'j11']);
    expect(scene.count('create')).toBe(10);
    const outputs = await settle(scene, Promise.all(lane.jobs().map((handle) => handle.result())));
    expect(statuses(outputs)).toEqual(['completed']);
    expect(scene.clock.now()).toBeGreaterThan(midnight);
    expect(scene.refusals()).toEqual([]);
  });
});

describe('events', () => {
  it('come from all jobs in one stream that ends with the lane', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of lane.events()) seen.push(`${event.jobId} ${event.type}`);
    })();
    lane.on('completed', () => {
      throw new Error('a host that fails');
    });
    lane.start({ ...job, id: 'a' });
    lane.start({ ...job, id: 'b' });
    await settle(scene, lane.close({ drain: true }));
    await reading;
    expect(seen.filter((text) => text.endsWith(' created')).sort()).toEqual(['a created', 'b created']);
    expect(seen.filter((text) => text.endsWith(' completed')).sort()).toEqual(['a completed', 'b completed']);
  });

  it('reach those who listen, until they stop', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane();
    const seen: string[] = [];
    const stop = lane.on('created', ({ jobId }) => seen.push(jobId));
    await run(scene, lane, 1);
    stop();
    await run(scene, lane, 1);
    expect(seen).toHaveLength(1);
  });
});

describe('closing', () => {
  it('drains: every job ends first, those in the queue too', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane({ concurrency: 2 });
    const handles = Array.from({ length: 6 }, () => lane.start(job));
    const closed = lane.close({ drain: true });
    expect(() => lane.start(job)).toThrow('closed');
    await settle(scene, closed);
    expect(handles.map((handle) => handle.view().state)).toEqual(handles.map(() => 'completed'));
    expect(scene.clock.pending()).toBe(0);
  });

  it('gives up draining at the deadline', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 3_600_000)] });
    const lane = scene.lane();
    const handle = lane.start(job);
    const deadlineAt = scene.clock.now() + 60_000;
    await settle(scene, lane.close({ drain: true, deadlineAt }));
    expect(scene.clock.now()).toBeLessThan(deadlineAt + 1_000);
    expect(handle.view().state).toBe('detached');
  });

  it('takes a deadline that comes while it drains, and the earliest of all', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 3_600_000)] });
    const lane = scene.lane();
    const handle = lane.start(job);
    const closed = lane.close({ drain: true });
    await scene.clock.advance(10_000);
    const deadlineAt = scene.clock.now() + 20_000;
    void lane.close({ drain: true, deadlineAt });
    void lane.close({ drain: true, deadlineAt: deadlineAt + 60_000 });
    await settle(scene, closed);
    expect(scene.clock.now()).toBeLessThan(deadlineAt + 1_000);
    expect(handle.view().state).toBe('detached');
    await lane.close({ deadlineAt: deadlineAt + 60_000 });
    expect(scene.clock.pending()).toBe(0);
  });

  it('detaches at once, and leaves no timer behind', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 60_000)] });
    const lane = scene.lane();
    const handles = Array.from({ length: 8 }, () => lane.start(job));
    await scene.clock.advance(10_000);
    await settle(scene, lane.close());
    expect(statuses(await Promise.all(handles.map((handle) => handle.result())))).toEqual(['detached']);
    expect(scene.clock.pending()).toBe(0);
  });
});

describe('what a host may ask', () => {
  it('finds jobs by either name, and refuses a second one of the same', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane();
    const handle = lane.start({ ...job, id: 'mine' });
    expect(handle.view().state).toBe('preparing');
    expect(() => lane.start({ ...job, id: 'mine' })).toThrow('mine');
    // As from a configuration file, which no type holds back.
    const wrong = JSON.parse('{"confirm":"Manual","priority":1}');
    expect(() => lane.start({ ...job, ...wrong, id: 'yours' })).toThrow(
      "confirm is \"Manual\"; allowed is 'auto' or 'manual'",
    );
    expect(lane.job('yours')).toBeUndefined();
    await settle(scene, handle.result());
    const { jobSpecId = '' } = handle.view();
    expect(jobSpecId).not.toBe('');
    expect(lane.job('mine')).toBe(handle);
    expect(lane.job(jobSpecId)).toBe(handle);
    expect(lane.job('nobody')).toBeUndefined();
  });

  it('shares the catalog with the jobs, for five minutes', async () => {
    const scene = laneScene({ workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane();
    const [first, second] = await settle(scene, Promise.all([lane.catalog(), lane.catalog()]));
    expect(first.map(({ specId }) => specId)).toEqual(['wf']);
    expect(second).toBe(first);
    await run(scene, lane, 2);
    expect(scene.count('catalog')).toBe(1);
    await scene.clock.advance(300_000);
    await settle(scene, lane.catalog());
    expect(scene.count('catalog')).toBe(2);
  });

  it('shows what is left of each limit, and until when', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 5_000)] });
    const lane = scene.lane();
    await run(scene, lane, 1);
    const { endpoints, statusReads } = lane.budget();
    expect(endpoints.create?.remaining).toBe(9);
    expect(endpoints.create?.resetAt).toBeGreaterThanOrEqual(Date.UTC(2026, 2, 31));
    expect(endpoints.status?.remaining).toBe(60 - scene.count('status'));
    expect(statusReads.remaining).toBe(endpoints.status?.remaining);
    // The highest value alone is not believed: it might be an absurd one.
    expect([59, 60]).toContain(statusReads.limit);
  });

  it('attaches to a job that exists, and counts it among those at once', async () => {
    const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 60_000)] });
    const first = scene.lane();
    const handle = first.start(job);
    await scene.clock.advance(20_000);
    await settle(scene, first.close());
    const lane = scene.lane();
    const attached = lane.start({ jobSpecId: handle.view().jobSpecId ?? '' });
    await scene.clock.advance(10_000);
    expect(lane.budget().places.taken).toBe(1);
    expect((await settle(scene, attached.result())).status).toBe('completed');
    expect(lane.budget().places.taken).toBe(0);
  });
});
