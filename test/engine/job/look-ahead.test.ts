import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/index.js';
import { failure, job, reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

type Script = NonNullable<Parameters<typeof scriptedPorts>[1]>;

const at30 = reading('executing', { progress: 30, itemVersion: 3 });
const attached = job({ status: 'executing', statusWord: 'executing', progress: 30, itemVersion: 3 });

/** Attaches to a job that executes at 30 %, and keeps each state that its machine stands in. */
function follow(getStatus: NonNullable<Script['getStatus']>, lookAhead?: boolean, inspect?: () => void) {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock, { getJob: [attached], getStatus });
  const input = { jobSpecId: 'job_1' };
  const handle = startGoalJob({
    ports,
    clock,
    random: () => 0.5,
    input,
    ...(lookAhead === undefined ? {} : { lookAhead }),
    ...(inspect === undefined ? {} : { inspect }),
  });
  const paths: string[] = [];
  handle.actor.subscribe(() => paths.push(handle.view().path));
  const reads = (): number[] => calls.flatMap(({ name, at }) => (name === 'getStatus' ? [at] : []));
  return { clock, handle, paths, reads };
}

const ticks = (paths: readonly string[]): number =>
  paths.filter((path) => path === 'executing.reading').length;

describe('a status that says what is known', () => {
  it('is read again at the same pace, without waking the machine', async () => {
    const { clock, handle, paths, reads } = follow([at30, at30, at30, at30, reading('completed')]);
    await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
    expect((await handle.result()).status).toBe('completed');
    expect(reads()).toHaveLength(5);
    for (const [index, at] of reads().slice(1).entries())
      expect(at - (reads()[index] ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(ticks(paths)).toBe(1);
  });

  it('wakes it each time where the host wants to see every read', async () => {
    const { clock, handle, paths, reads } = follow([at30, at30, at30, reading('completed')], false);
    await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
    expect(reads()).toHaveLength(4);
    expect(ticks(paths)).toBe(4);
  });

  it('wakes it each time for a host that inspects, unless it says that it need not', async () => {
    const statuses = [at30, at30, at30, reading('completed')];
    const woken = async (lookAhead?: boolean): Promise<number> => {
      const { clock, handle, paths } = follow(statuses, lookAhead, () => undefined);
      await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
      return ticks(paths);
    };
    expect(await woken()).toBe(4);
    expect(await woken(true)).toBe(1);
  });

  it.each([
    ['a higher item version', reading('executing', { progress: 30, itemVersion: 4 })],
    ['an older item version', reading('executing', { progress: 30, itemVersion: 2 })],
    ['progress that ran backwards', reading('executing', { progress: 29, itemVersion: 3 })],
    ['another step', reading('executing', { progress: 30, itemVersion: 3, currentStep: 'rendering' })],
    ['another word', reading('unknown', { statusWord: 'queued', progress: 30, itemVersion: 3 })],
    ['a failure', failure('network')],
  ])('is not one with %s: the machine receives it', async (_, news) => {
    const { clock, handle, paths } = follow([at30, at30, news, reading('completed')]);
    await clock.runUntil(() => ticks(paths) > 0, 3_600_000);
    expect(paths).toContain('executing.reading');
    await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
    expect(ticks(paths)).toBe(2);
  });

  it('is aborted during a read', async () => {
    const { clock, handle, reads } = follow([at30]);
    await clock.runUntil(() => reads().length === 3, 3_600_000);
    expect(handle.view().path).toBe('executing.awaitingTurn');
    expect((await handle.detach()).status).toBe('detached');
    expect(clock.pending()).toBe(0);
    expect(reads()).toHaveLength(3);
  });

  it('ends with the deadline as any wait does', async () => {
    const clock = createVirtualClock();
    const { ports } = scriptedPorts(clock, { getJob: [attached], getStatus: [at30] });
    const input = { jobSpecId: 'job_1', deadlineAt: clock.now() + 60_000 };
    const handle = startGoalJob({ ports, clock, input });
    await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
    expect(clock.pending()).toBe(0);
  });
});
