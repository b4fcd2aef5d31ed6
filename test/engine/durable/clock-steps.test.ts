import { describe, expect, it } from 'vitest';
import { timePorts } from '../../../src/engine/binding/time-ports.js';
import type { StoredJobHandle, StoredJobsWarning } from '../../../src/engine/durable/index.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import type { Failure } from '../../../src/services/failure.js';
import { createSteppingClock, type SteppingClockOptions } from '../../support/stepping-clock.js';
import { createWorld, INPUT, isOver } from './world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const unreachable: Failure = { kind: 'network', message: 'no', advice: 'none', delivery: 'unknown' };

/** A world that goes by the time that passes, and processes whose wall clocks say what they like. */
function createScene(readsAStage = 1_000) {
  const store = createMemoryStore({ isGone: ({ id }) => gone.has(id) });
  const gone = new Set<string>();
  const world = createWorld(store, readsAStage);
  const truth = world.clock;
  const process = (name: string, options: SteppingClockOptions = {}, more: Partial<JobPorts> = {}) => {
    const clock = createSteppingClock(truth, options);
    const warnings: StoredJobsWarning[] = [];
    const ports = { ...world.ports, ...timePorts(clock), ...more };
    const jobs = world.open(name, { clock, ports, onWarning: (warning) => warnings.push(warning) });
    return { clock, jobs, warnings };
  };
  const gaps = (): number[] => {
    const { statusReads } = world.server.log;
    return statusReads.slice(1).map((at, index) => at - (statusReads[index] ?? at));
  };
  return { world, store, gone, truth, process, gaps };
}

/** Starts the job, lets it come to its polls, and forgets the reads until then. */
async function executing(scene: ReturnType<typeof createScene>, handle: StoredJobHandle): Promise<void> {
  await scene.world.untilAt(handle, 'executing.awaitingTurn');
  await scene.truth.advance(10_000);
  scene.world.server.log.statusReads.length = 0;
}

const STEPS: readonly (readonly [string, readonly number[]])[] = [
  ['back by an hour', [-HOUR_MS]],
  ['forward by an hour', [HOUR_MS]],
  ['back by 20 s, again and again', Array<number>(10).fill(-20_000)],
  ['forward by 20 s, again and again', Array<number>(10).fill(20_000)],
  ['to and fro', [-HOUR_MS, 2 * HOUR_MS, -DAY_MS, 30 * DAY_MS, -5_000]],
  ['a little all the time', Array<number>(100).fill(-150)],
];

describe('a job whose wall clock is set', () => {
  it.each(STEPS)('%s is read every 2 s all the same, and its process says so', async (_, steps) => {
    const scene = createScene();
    const { clock, jobs, warnings } = scene.process('one');
    await executing(scene, await jobs.start(INPUT, { id: 'job' }));
    for (const step of steps) {
      clock.set(step);
      await scene.truth.advance(3_001);
    }
    await scene.truth.advance(20_000);
    expect(scene.gaps().length).toBeGreaterThanOrEqual(10);
    for (const gap of scene.gaps()) expect([2_000, 2_001]).toContain(gap);
    const reported = warnings.flatMap((warning) => (warning.type === 'clock-set' ? [warning.byMs] : []));
    const sum = steps.reduce((all, step) => all + step, 0);
    expect(Math.abs(reported.reduce((all, step) => all + step, 0) - sum)).toBeLessThan(1_000);
    await jobs.close();
  });

  it.each(STEPS)('%s keeps its lease alive: heartbeats continue', async (_, steps) => {
    const scene = createScene();
    const { clock, jobs } = scene.process('one');
    await executing(scene, await jobs.start(INPUT, { id: 'job' }));
    const beats = new Set<number>();
    for (let tick = 0; tick < 100; tick += 1) {
      clock.set(steps[tick] ?? 0);
      await scene.truth.advance(1_000);
      for (const { expiresAt } of await scene.store.leases()) beats.add(expiresAt);
    }
    expect(beats.size).toBeGreaterThanOrEqual(10);
    // What it says is the wall clock's time again, for people and for those who doubt it.
    const [lease] = await scene.store.leases();
    expect(Math.abs((lease?.expiresAt ?? 0) - clock.wall() - 25_000)).toBeLessThanOrEqual(6_000);
    await jobs.close();
  });

  it.each(STEPS)('%s ends at its deadline, counted from when it was given', async (_, steps) => {
    for (const way of ['start', 'resume', 'resumeAll'] as const) {
      const scene = createScene();
      const { clock, jobs } = scene.process('one');
      let handle = await jobs.start(
        way === 'start' ? { ...INPUT, deadlineAt: clock.wall() + 60_000 } : INPUT,
        {
          id: 'job',
        },
      );
      if (way !== 'start') {
        await executing(scene, handle);
        await handle.detach();
        clock.set(5 * HOUR_MS);
        const changes = { deadlineAt: clock.wall() + 60_000 };
        if (way === 'resume') handle = await jobs.resume('job', changes);
        else handle = (await jobs.resumeAll(changes)).handles[0] ?? handle;
      }
      const began = scene.truth.now();
      for (const step of steps.slice(0, 50)) {
        await scene.truth.advance(1_000);
        clock.set(step);
      }
      await scene.truth.advance(60_000 - (scene.truth.now() - began) - 1);
      expect(isOver(handle)).toBe(false);
      await scene.truth.advance(1);
      expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
      await jobs.close();
    }
  });

  it('has its stored times by the wall clock that people see', async () => {
    const scene = createScene();
    const waits: JobPorts['getStatus'] = async () => {
      throw { ...unreachable, kind: 'rate-limited', delivery: 'refused', retryAt: clock.now() + 30_000 };
    };
    const { clock, jobs } = scene.process('one', {}, { getStatus: waits });
    clock.set(-3 * HOUR_MS);
    const handle = await jobs.start(INPUT, { id: 'job' });
    const untils: number[] = [];
    handle.on('rateLimited', ({ until, at, failure }) =>
      untils.push(until - at, (failure.retryAt ?? 0) - at),
    );
    await scene.world.untilAt(handle, 'confirming.rateLimited');
    await scene.truth.advance(1_000);
    expect(untils).toEqual([30_000, 30_000]);
    const record = await scene.store.load('job');
    expect(Math.abs((record?.createdAt ?? 0) - clock.wall())).toBeLessThan(10_000);
    expect(record?.waitsFor?.until).toBe(clock.wall() + 29_000);
    expect(handle.view().waitingUntil).toBe(clock.wall() + 29_000);
    await jobs.close();
  });
});

describe('the retries of a call', () => {
  it.each([
    ['is set forward by an hour', (clock: ReturnType<typeof createSteppingClock>) => clock.set(HOUR_MS)],
    ['is set back by an hour', (clock: ReturnType<typeof createSteppingClock>) => clock.set(-HOUR_MS)],
    ['sleeps for a night', (clock: ReturnType<typeof createSteppingClock>) => clock.sleep(8 * HOUR_MS)],
  ])('are not used up when the machine %s', async (_, happens) => {
    for (const hasUptime of [true, false]) {
      const scene = createScene(2);
      let failures = 0;
      const getStatus: JobPorts['getStatus'] = (input, options) => {
        if (failures >= 6) return scene.world.server.calls.getStatus(input, options);
        failures += 1;
        happens(one.clock);
        return Promise.reject(unreachable);
      };
      const one = scene.process('one', { hasUptime }, { getStatus });
      const handle = await one.jobs.start(INPUT, { id: 'job' });
      await scene.world.untilOver(handle);
      expect(await handle.result()).toMatchObject({ status: 'completed' });
      expect(failures).toBe(6);
      await one.jobs.close();
    }
  });
});

describe('the run after one with a wrong clock', () => {
  /** A process with a wrong clock that dies in a wait, and one with a right clock that continues. */
  async function takeOver(aheadMs: number, failure: (now: number) => Failure, pauseMs = 5_000) {
    const scene = createScene();
    let isBroken = true;
    const getStatus: JobPorts['getStatus'] = (input, options) =>
      isBroken
        ? Promise.reject(failure(one.clock.now()))
        : scene.world.server.calls.getStatus(input, options);
    const one = scene.process('one', { aheadMs }, { getStatus });
    const handle = await one.jobs.start(INPUT, { id: 'job' });
    await scene.world.untilAt(
      handle,
      failure(0).kind === 'network' ? 'confirming.backingOff' : 'confirming.rateLimited',
    );
    await scene.truth.advance(pauseMs);
    isBroken = false;
    scene.gone.add('one');
    const began = scene.truth.now();
    const next = await scene.process('two').jobs.resume('job');
    scene.world.server.log.statusReads.length = 0;
    await scene.truth.advance(120_000);
    expect(next.view().state).toBe('executing');
    return (scene.world.server.log.statusReads[0] ?? Number.POSITIVE_INFINITY) - began;
  }

  const limited = (now: number): Failure => ({
    ...unreachable,
    kind: 'rate-limited',
    delivery: 'refused',
    retryAt: now + 60_000,
  });

  it.each([
    ['an hour ahead', HOUR_MS],
    ['a month ahead', 30 * DAY_MS],
    ['three minutes ahead', 180_000],
  ])('%s waits no longer than the limit that it received', async (_, aheadMs) => {
    const waited = await takeOver(aheadMs, limited);
    expect(waited).toBeGreaterThanOrEqual(55_000);
    expect(waited).toBeLessThanOrEqual(62_000);
  });

  it('waits for what is left of it where the clock was right', async () => {
    expect(await takeOver(0, limited)).toBe(55_000);
  });

  it('waits no longer than a pause between tries', async () => {
    expect(await takeOver(HOUR_MS, () => unreachable, 100)).toBeLessThanOrEqual(30_000);
  });

  it('reads soon what was read in the future', async () => {
    const scene = createScene();
    const one = scene.process('one', { aheadMs: DAY_MS });
    await executing(scene, await one.jobs.start(INPUT, { id: 'job' }));
    scene.gone.add('one');
    const two = scene.process('two');
    await two.jobs.resume('job');
    scene.world.server.log.statusReads.length = 0;
    const began = scene.truth.now();
    await scene.truth.advance(10_000);
    expect((scene.world.server.log.statusReads.find((at) => at > began) ?? 0) - began).toBeLessThanOrEqual(
      2_001,
    );
  });
});
