import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  breaches,
  createsOf,
  finish,
  openSite,
  type Site,
  startTrial,
  type Trial,
} from '../../e2e/fleet/campaign.js';

const SLOW_MS = 1_500;

/** Law 1 where it is hardest: the reply to a create is on its way. */
describe('a create that is under way when something dies', () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({
      speed: 6,
      faults: [{ on: 'create', fault: { kind: 'slow-reply', delayMs: SLOW_MS } }],
    });
  }, 60_000);
  afterAll(() => site.close());

  const untilSent = (trial: Trial): Promise<void> =>
    expect
      .poll(() => createsOf(site.fleet.emulator.log, trial).length, { timeout: 20_000, interval: 20 })
      .toBe(1);

  it('is not sent again when its worker dies; a person adopts the job that was created', async () => {
    const trial = await startTrial(site, 'one');
    await untilSent(trial);
    site.workers.killAll();
    expect(await finish(site, trial)).toEqual({ status: 'completed', decisions: 1 });
    expect(createsOf(site.fleet.emulator.log, trial)).toHaveLength(1);
  }, 60_000);

  it('ends as created when the engine dies: the worker that has sent it still hears the reply', async () => {
    const trial = await startTrial(site, 'two');
    await untilSent(trial);
    await site.fleet.engine.kill();
    await site.fleet.engine.restart();
    expect(await finish(site, trial)).toEqual({ status: 'completed', decisions: 0 });
    expect(createsOf(site.fleet.emulator.log, trial)).toHaveLength(1);
    expect(await breaches(site)).toMatchObject({ tooSoon: 0, secrets: 0 });
  }, 60_000);
});
