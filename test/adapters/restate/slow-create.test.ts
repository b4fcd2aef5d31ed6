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

  it('is not sent again when its worker dies, and ends as created when the engine does', async () => {
    const ofWorker = await startTrial(site, 'one');
    await untilSent(ofWorker);
    site.workers.killAll();
    // While another worker waits in vain for the reply that died.
    const ofEngine = await startTrial(site, 'two');
    await untilSent(ofEngine);
    await site.fleet.engine.kill();
    await site.fleet.engine.restart();
    const [adopted, heard] = await Promise.all([finish(site, ofWorker), finish(site, ofEngine)]);
    // The reply is lost: a person adopts the job that was created.
    expect(adopted).toEqual({ status: 'completed', decisions: 1 });
    // The worker that has sent it still hears the reply.
    expect(heard).toEqual({ status: 'completed', decisions: 0 });
    for (const trial of [ofWorker, ofEngine])
      expect(createsOf(site.fleet.emulator.log, trial)).toHaveLength(1);
    expect(await breaches(site)).toMatchObject({ tooSoon: 0, secrets: 0 });
  }, 90_000);
});
