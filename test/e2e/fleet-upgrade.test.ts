import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainWorker, registerWorker } from '../../src/adapters/restate/index.js';
import {
  breaches,
  createsOf,
  finish,
  groupOptions,
  KEYS,
  openSite,
  type Site,
  startTrial,
  type Trial,
} from './fleet/campaign.js';
import { buildNextRelease } from './fleet/next-release.js';
import { startWorkerGroup } from './fleet/worker-group.js';

const JOBS = 30;

describe('a rolling upgrade between two versions of the chart', () => {
  let site: Site;
  let module = '';

  beforeAll(async () => {
    module = await buildNextRelease();
    site = await openSite({ speed: 3 });
  }, 60_000);
  afterAll(() => site.close());

  it('continues jobs in every state, drains the old release, and neither loses nor repeats anything', async () => {
    const { fleet, workers } = site;
    const { admin } = fleet.engine;
    const old = await registerWorker({ admin, url: workers.url });
    const trials: Trial[] = [];
    const start = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1)
        trials.push(await startTrial(site, KEYS[index % KEYS.length] ?? 'one'));
    };
    await start(JOBS / 2);
    const reads = (): number => fleet.emulator.log.filter(({ endpoint }) => endpoint === 'status').length;
    await expect.poll(reads, { timeout: 30_000 }).toBeGreaterThan(JOBS / 4);
    // Some have only just begun.
    await start(JOBS / 2);

    const next = await startWorkerGroup({ ...groupOptions(fleet), module });
    try {
      expect(next.url).not.toContain(new URL(workers.url).pathname);
      const { deployment } = await registerWorker({ admin, url: next.url });
      expect(await drainWorker({ admin, deployment })).toBe('current');
      // A reader's shift lasts two minutes where no release replaces it.
      expect(await drainWorker({ admin, deployment: old.deployment, withinMs: 45_000 })).toBe('drained');
      await workers.close();
      const shifts = await fleet.sql(
        "select id from sys_invocation where target_service_name = 'GoalReader' and status <> 'completed'",
      );
      expect(shifts).not.toHaveLength(0);
      const ends = await Promise.all(trials.map((trial) => finish(site, trial)));
      expect(ends.filter(({ status }) => status !== 'completed')).toEqual([]);
      expect(trials.filter((trial) => createsOf(fleet.emulator.log, trial).length !== 1)).toEqual([]);
      expect(await breaches(site)).toEqual({ tooSoon: 0, underShutLimit: 0, secrets: 0, keyAtStorage: 0 });
      const paths = await fleet.sql<{ readonly endpoint: string }>('select endpoint from sys_deployment');
      expect(paths.map(({ endpoint }) => endpoint)).toHaveLength(1);
    } finally {
      await next.close();
    }
  }, 120_000);
});
