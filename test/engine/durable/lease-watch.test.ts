import { describe, expect, it } from 'vitest';
import { timePorts } from '../../../src/engine/binding/time-ports.js';
import type { StoredJobsOptions, StoredJobsWarning } from '../../../src/engine/durable/index.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createSteppingClock, type SteppingClockOptions } from '../../support/stepping-clock.js';
import { STORE_KINDS } from './stores.js';
import { createWorld, INPUT } from './world.js';

const HOUR_MS = 3_600_000;
const CLOCKS = [
  ['45 s ahead', 45_000],
  ['45 s behind', -45_000],
  ['an hour ahead', HOUR_MS],
  ['a day behind', -24 * HOUR_MS],
] as const;

describe.each(STORE_KINDS)('the lease of a living process on the %s store', (_, make) => {
  const kind = make();

  async function createScene() {
    const world = createWorld(await kind.open(), 1_000);
    const process = (
      name: string,
      options: SteppingClockOptions = {},
      more: Partial<StoredJobsOptions> = {},
    ) => {
      const clock = createSteppingClock(world.clock, options);
      const warnings: StoredJobsWarning[] = [];
      const ports = { ...world.ports, ...timePorts(clock) };
      const onWarning = (warning: StoredJobsWarning) => warnings.push(warning);
      return { clock, warnings, jobs: world.open(name, { clock, ports, onWarning, ...more }) };
    };
    /** Lets time pass until the work is done. */
    const settle = async <Value>(work: Promise<Value>): Promise<Value | Error> => {
      let isDone = false;
      const done = work.catch((error: Error) => error);
      void done.then(() => {
        isDone = true;
      });
      await world.clock.runUntil(() => isDone, 10 * 60_000);
      return done;
    };
    const owners = async () => (await world.store.leases()).map((lease) => lease.owner.id);
    return { world, process, settle, owners };
  }

  it.each(CLOCKS)('is not taken by a process whose clock is %s', async (_, aheadMs) => {
    const { world, process, settle, owners } = await createScene();
    const handle = await process('first').jobs.start(INPUT, { id: 'job' });
    await world.untilAt(handle, 'executing.awaitingTurn');
    for (const wait of [0, 7_000, 10_000, 61_000]) {
      await world.clock.advance(wait);
      const other = process('other', { aheadMs });
      const began = world.clock.now();
      expect(await settle(other.jobs.resume('job'))).toMatchObject({ reason: 'held' });
      // Its first heartbeat is proof enough.
      expect(world.clock.now() - began).toBeLessThanOrEqual(10_000);
      expect((await settle(other.jobs.resumeAll())) as object).toMatchObject({ handles: [] });
      expect(await settle(other.jobs.remove('job'))).toMatchObject({ reason: 'held' });
      await other.jobs.close();
    }
    expect(handle.view().state).toBe('executing');
    expect(await owners()).toEqual(['first']);
  });

  it.each(CLOCKS)('is not lost when its clock is set and is then %s', async (_, byMs) => {
    const { world, process, settle } = await createScene();
    const first = process('first');
    const handle = await first.jobs.start(INPUT, { id: 'job' });
    await world.untilAt(handle, 'executing.awaitingTurn');
    first.clock.set(byMs);
    expect(await settle(process('other').jobs.resume('job'))).toMatchObject({ reason: 'held' });
    await world.clock.advance(60_000);
    expect(await settle(process('third').jobs.resume('job'))).toMatchObject({ reason: 'held' });
    expect(handle.view().state).toBe('executing');
  });

  it.each(CLOCKS)('goes, once its process is silent, to one whose clock is %s', async (_, aheadMs) => {
    const { world, process, settle, owners } = await createScene();
    const silent: JobStore = { ...world.store, renewLeases: () => new Promise(() => undefined) };
    const first = process('first', {}, { store: silent });
    await world.untilAt(await first.jobs.start(INPUT, { id: 'job' }), 'executing.awaitingTurn');
    await world.clock.advance(31_000);
    const began = world.clock.now();
    const other = process('other', { aheadMs });
    expect(await settle(other.jobs.resume('job'))).toMatchObject({ id: 'job' });
    expect(world.clock.now() - began).toBe(30_000);
    expect(await owners()).toEqual(['other']);
    expect(other.warnings).toMatchObject([{ type: 'lease-doubted', jobId: 'job', forMs: 30_000 }]);
  });

  it('is watched for as long as its own process says that it lasts', async () => {
    const { world, process, settle } = await createScene();
    const handle = await process('first', {}, { leaseMs: 300_000 }).jobs.start(INPUT, { id: 'job' });
    await world.untilAt(handle, 'executing.awaitingTurn');
    const other = process('other', { aheadMs: HOUR_MS }, { leaseMs: 3_000 });
    expect(await settle(other.jobs.resume('job'))).toMatchObject({ reason: 'held' });
    expect(handle.view().state).toBe('executing');
  });

  it('does not go to a process that was asleep with it', async () => {
    const { world, process, settle } = await createScene();
    const first = process('first');
    const handle = await first.jobs.start(INPUT, { id: 'job' });
    await world.untilAt(handle, 'executing.awaitingTurn');
    await world.clock.advance(5_000);
    const other = process('other', { aheadMs: HOUR_MS });
    const resumed = other.jobs.resume('job');
    await world.clock.advance(2_000);
    for (const { clock } of [first, other]) clock.sleep(8 * HOUR_MS);
    expect(await settle(resumed)).toMatchObject({ reason: 'held' });
    expect(handle.view().state).toBe('executing');
  });

  it('does not delay other jobs, or a caller that closes or aborts', async () => {
    const { world, process, settle, owners } = await createScene();
    const silent: JobStore = { ...world.store, renewLeases: () => new Promise(() => undefined) };
    const first = process('first', {}, { store: silent });
    await world.untilAt(await first.jobs.start(INPUT, { id: 'job' }), 'executing.awaitingTurn');
    const free = process('gone-since');
    await world.untilAt(await free.jobs.start(INPUT, { id: 'free' }), 'executing.awaitingTurn');
    await free.jobs.close();
    await world.clock.advance(31_000);
    const other = process('other');
    const all = other.jobs.resumeAll();
    await world.clock.advance(1_000);
    expect(await owners()).toEqual(['other', 'first']);
    await other.jobs.close();
    expect((await all).refused).toMatchObject([{ id: 'job' }]);

    const patience = new AbortController();
    const hasty = process('hasty', {}, { stopWaiting: patience.signal }).jobs.resume('job');
    await world.clock.advance(1_000);
    patience.abort();
    expect(await settle(hasty)).toMatchObject({ reason: 'held' });
    expect(await owners()).toEqual(['first']);
  });
});
