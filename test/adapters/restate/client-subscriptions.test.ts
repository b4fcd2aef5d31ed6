import { describe, it } from 'vitest';
import type { FleetEvent } from '../../../src/adapters/restate/index.js';
import { runningView, type ScriptedEngine, scriptEngine } from '../../support/scripted-engine.js';

/** Each test waits for most of its time, so they run together, each with an engine of its own. */
async function withEngine(test: (engine: ScriptedEngine, requests: () => number) => Promise<void>) {
  const engine = await scriptEngine();
  try {
    await test(engine, () => engine.server.seen.length);
  } finally {
    await engine.close();
  }
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 400));

describe.concurrent('subscriptions of a client of a fleet', () => {
  it('go on where one of the listeners throws, and so do those who wait', ({ expect }) =>
    withEngine(async (engine) => {
      const { client } = engine;
      const seen: string[] = [];
      const job = client.job('one');
      const ends = [
        job.subscribe(() => {
          throw new Error('a fault of the host');
        }),
        job.subscribe(({ state }) => seen.push(state)),
        client.subscribe(() => {
          throw new Error('a fault of the host');
        }),
      ];
      engine.listed = ['one'];
      await expect.poll(() => seen).toEqual(['executing']);
      engine.viewOf = () => ({ ...runningView, state: 'slot_needed' });
      expect(await job.refresh()).toMatchObject({ state: 'slot_needed' });
      await expect.poll(() => seen).toEqual(['executing', 'slot_needed']);
      for (const end of ends) end();
    }));

  it('end with the client, and no request follows', ({ expect }) =>
    withEngine(async (engine, requests) => {
      const { client } = engine;
      client.job('one').subscribe(() => undefined);
      client.job('two').on('*', () => undefined);
      client.subscribe(() => undefined);
      await expect.poll(requests).toBeGreaterThan(1);
      client.close();
      await aWhile();
      const before = requests();
      await aWhile();
      expect(requests()).toBe(before);
    }));

  it('request of a list only the jobs that have changed', ({ expect }) =>
    withEngine(async (engine) => {
      const { client } = engine;
      engine.listed = Array.from({ length: 30 }, (_, index) => `job-${index}`);
      const end = client.subscribe(() => undefined);
      const shown = (): readonly string[] => client.view().jobs.map(({ view }) => view.state);
      const viewed = (): readonly string[] =>
        engine.server.seen.flatMap(({ path }) => /^\/GoalJob\/([^/]+)\/events$/.exec(path)?.[1] ?? []);
      const lists = (): number => engine.server.seen.filter(({ body }) => body.includes('md5')).length;
      await expect.poll(shown).toEqual(engine.listed.map(() => 'executing'));
      expect(viewed()).toHaveLength(30);
      engine.viewOf = (id) => (id === 'job-7' ? { ...runningView, state: 'slot_needed' } : runningView);
      const before = lists();
      await expect.poll(() => shown()[7], { timeout: 5_000 }).toBe('slot_needed');
      expect(lists()).toBeGreaterThan(before);
      expect(viewed().slice(30)).toEqual(['job-7']);
      end();
    }));

  const event = (seq: number): FleetEvent => ({ type: 'progress', status: 'executing', seq, at: seq });

  it('hear each event once, in order, from the first one on', ({ expect }) =>
    withEngine(async (engine, requests) => {
      const job = engine.client.job('one');
      engine.events = [event(1), event(2)];
      const heard: string[] = [];
      const thrower = job.on('*', () => {
        throw new Error('a fault of the host');
      });
      const ends = [
        thrower,
        job.on('progress', ({ seq }) => heard.push(`progress ${seq}`)),
        job.on('completed', ({ seq }) => heard.push(`completed ${seq}`)),
      ];
      await expect.poll(() => heard).toEqual(['progress 1', 'progress 2']);
      // They are served by the same requests.
      expect(engine.server.seen.filter(({ body }) => body === '{"since":0}')).toHaveLength(1);
      const late: number[] = [];
      ends.push(job.on('*', ({ seq }) => late.push(seq)));
      await expect.poll(() => late).toEqual([1, 2]);
      engine.events = [...engine.events, event(3)];
      await expect.poll(() => [heard.length, late.length]).toEqual([3, 3]);
      for (const end of ends) end();
      await aWhile();
      const before = requests();
      await aWhile();
      expect(requests()).toBe(before);
    }));

  it(
    'go on where a gateway has refused them',
    ({ expect }) =>
      withEngine(async (engine, requests) => {
        const { client } = engine;
        engine.isBarred = true;
        const seen: string[] = [];
        const end = client.job('later').subscribe(({ state }) => seen.push(state));
        await expect.poll(requests).toBeGreaterThan(0);
        engine.isBarred = false;
        await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['executing']);
        end();
      }),
    15_000,
  );
});
