import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FleetJob } from '../../../src/adapters/restate/index.js';
import { withinTime } from '../../../src/adapters/restate/within-time.js';
import { runningView, type ScriptedEngine, scriptEngine } from '../../support/scripted-engine.js';

setFlagsFromString('--expose_gc');
const collect: unknown = runInNewContext('gc');

async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    if (typeof collect === 'function') collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function heapUsed(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

const IDS = 100_000;

describe('what a client of a fleet keeps of jobs', () => {
  let engine: ScriptedEngine;
  beforeEach(async () => {
    engine = await scriptEngine();
  });
  afterEach(() => engine.close());

  /** A handle of which the test keeps nothing. */
  const weakly = (id: string): WeakRef<FleetJob> => new WeakRef(engine.client.job(id));
  const isKept = async (handle: WeakRef<FleetJob>): Promise<boolean> => {
    await collectGarbage();
    return handle.deref() !== undefined;
  };

  it(`is nothing of ${IDS} ids that nobody holds any more`, async () => {
    const { client } = engine;
    const look = async (from: number, count: number): Promise<void> => {
      for (let at = from; at < from + count; at += 1) client.job(`order-${at}`);
      // Requested as well: what was learned is not kept either.
      for (let at = from; at < from + 200; at += 1) await client.look(`order-${at}`);
    };
    await look(0, 2_000);
    engine.server.seen.length = 0;
    const before = await heapUsed();
    await look(IDS, IDS);
    engine.server.seen.length = 0;
    expect(((await heapUsed()) - before) / IDS).toBeLessThan(20);
  }, 30_000);

  it('is nothing of requests that one signal ends together, for the life of a process', async () => {
    const { signal } = new AbortController();
    const ask = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 1) await withinTime(60_000, async () => at, signal);
    };
    await ask(2_000);
    const before = await heapUsed();
    await ask(20_000);
    expect(((await heapUsed()) - before) / 20_000).toBeLessThan(20);
  });

  it('is one handle for each id that somebody holds', async () => {
    const { client } = engine;
    const job = client.job('held');
    await collectGarbage();
    expect(client.job('held')).toBe(job);
  });

  it('is the handle of a job that somebody is subscribed to', async () => {
    const { client } = engine;
    const handle = weakly('watched');
    const ends = [client.job('watched').subscribe(() => undefined)];
    await expect.poll(() => client.job('watched').view()).toMatchObject(runningView);
    expect(await isKept(handle)).toBe(true);
    // In a call of its own: what unsubscribes holds the handle as well.
    const endAll = (): void => {
      for (const end of ends.splice(0)) end();
    };
    endAll();
    await expect.poll(() => isKept(handle)).toBe(false);
  });

  it('is the handle of a job whose events or result somebody waits for', async () => {
    const { client } = engine;
    const ending = new AbortController();
    const { signal } = ending;
    const follow = async (id: string): Promise<void> => {
      for await (const _ of client.job(id).events({ signal }));
    };
    const handles = [weakly('followed'), weakly('awaited')];
    const waits = [follow('followed'), client.job('awaited').result({ signal })];
    for (const handle of handles) expect(await isKept(handle)).toBe(true);
    ending.abort();
    await Promise.allSettled(waits);
    for (const handle of handles) await expect.poll(() => isKept(handle)).toBe(false);
  });

  it('is the handles of the jobs that a subscribed list shows', async () => {
    const { client } = engine;
    engine.listed = ['listed'];
    const unsubscribe = client.subscribe(() => undefined);
    const shown = () => client.view().jobs.map(({ id, view }) => `${id} ${view.state}`);
    await expect.poll(shown).toEqual(['listed executing']);
    const handle = weakly('listed');
    expect(await isKept(handle)).toBe(true);
    engine.listed = [];
    await expect.poll(shown, { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => isKept(handle)).toBe(false);
    unsubscribe();
  });
});
