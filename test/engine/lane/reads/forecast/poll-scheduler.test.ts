import { describe, expect, it } from 'vitest';
import { createPollScheduler } from '../../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import type { WorkflowHistory } from '../../../../../src/engine/lane/reads/forecast/workflow-history.js';

const START = 1_700_000_000_000;
type Scheduler = ReturnType<typeof createPollScheduler>;

/** Reads as fast as the pace allows until `until`; replies come at once. Returns the reads of each job. */
function drive(scheduler: Scheduler, pace: number, fromMs: number, untilMs: number) {
  const reads = new Map<string, number[]>();
  for (let now = START + fromMs; now < START + untilMs; ) {
    const pick = scheduler.next(now, pace);
    if (pick === undefined) break;
    if (pick.at > now) {
      now = pick.at;
      continue;
    }
    scheduler.started(pick.id, now);
    scheduler.observe(pick.id, { status: 'executing' }, now);
    scheduler.ready(pick.id, now);
    reads.set(pick.id, [...(reads.get(pick.id) ?? []), now]);
    now += 1 / pace;
  }
  return reads;
}

const gapsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((at, turn) => at - (times[turn] ?? at));

function withJobs(count: number, options = {}): Scheduler {
  const scheduler = createPollScheduler(options);
  for (let at = 0; at < count; at += 1) scheduler.add({ id: `j${at}`, startedAt: START + at });
  return scheduler;
}

describe.each(['index', 'round-robin'] as const)('the order %s', (order) => {
  it('reads no job within 2 s of its last read, however much may be sent', () => {
    const reads = drive(withJobs(3, { order }), 1 / 10, 0, 60_000);
    for (const times of reads.values()) {
      expect(Math.min(...gapsOf(times))).toBeGreaterThanOrEqual(2_000);
      expect(times.length).toBeGreaterThan(25);
    }
  });

  it('starves no job beyond a few rounds', () => {
    const pace = 1 / 300;
    const reads = drive(withJobs(50, { order }), pace, 0, 300_000);
    expect(reads.size).toBe(50);
    for (const times of reads.values()) expect(Math.max(...gapsOf(times))).toBeLessThan((3 * 50) / pace);
  });
});

describe('the scheduler', () => {
  it('reads all jobs about as often where they are all alike', () => {
    const reads = drive(withJobs(20), 1 / 500, 0, 200_000);
    const counts = [...reads.values()].map((times) => times.length);
    expect(Math.min(...counts)).toBeGreaterThan(0.5 * Math.max(...counts));
    expect(counts).toHaveLength(20);
  });

  it('spends more reads on the job that is about to change', () => {
    const histories = new Map<string, WorkflowHistory>();
    const options = {
      loadHistory: (id: string) => histories.get(id),
      saveHistory: (id: string, past: WorkflowHistory) => void histories.set(id, past),
    };
    const teacher = createPollScheduler(options);
    for (const [workflowId, durationMs] of [
      ['short', 30_000],
      ['long', 900_000],
    ] as const) {
      for (let run = 0; run < 10; run += 1) {
        teacher.add({ id: `${run}`, workflowId, startedAt: START });
        teacher.observe(`${run}`, { status: 'completed' }, START + durationMs);
        teacher.remove(`${run}`);
      }
    }
    const scheduler = createPollScheduler(options);
    for (let at = 0; at < 20; at += 1) {
      scheduler.add({ id: `j${at}`, workflowId: at === 7 ? 'short' : 'long', startedAt: START });
    }
    const reads = drive(scheduler, 1 / 500, 20_000, 60_000);
    const others = [...reads].filter(([id]) => id !== 'j7').map(([, times]) => times.length);
    expect(reads.get('j7')?.length).toBeGreaterThan(2 * Math.max(...others));
  });

  it('learns a stretch from its start to the middle between the last two reads, and nothing from a failure', () => {
    const saved: WorkflowHistory[] = [];
    const scheduler = createPollScheduler({ saveHistory: (_, past) => void saved.push(past) });
    for (const [id, status] of [
      ['a', 'completed'],
      ['b', 'failed'],
    ] as const) {
      scheduler.add({ id, workflowId: 'wf', startedAt: START });
      scheduler.observe(id, { status: 'executing' }, START + 10_000);
      scheduler.observe(id, { status }, START + 20_000);
    }
    expect(saved).toHaveLength(1);
    expect(saved[0]?.segments[0]?.duration.mean).toBeCloseTo(Math.log(15_000));
  });

  it('continues with the next stretch after a checkpoint', () => {
    let segments: readonly unknown[] = [];
    let history: WorkflowHistory | undefined;
    const scheduler = createPollScheduler({
      loadHistory: () => history,
      saveHistory(_, past) {
        history = past;
        segments = past.segments;
      },
    });
    scheduler.add({ id: 'a', workflowId: 'wf', startedAt: START });
    scheduler.observe('a', { status: 'slot_needed', progress: 40 }, START + 10_000);
    expect(scheduler.executing).toBe(0);
    expect(scheduler.next(START + 60_000, 1)).toBeUndefined();
    scheduler.add({ id: 'a', startedAt: START + 60_000 });
    expect(scheduler.executing).toBe(1);
    scheduler.observe('a', { status: 'completed' }, START + 90_000);
    expect(segments).toHaveLength(2);
  });

  it('is not held up by a job that may not be read for long', () => {
    const scheduler = withJobs(3);
    scheduler.started('j0', START + 5_000);
    scheduler.ready('j0', START + 5_000, START + 1e12);
    const reads = drive(scheduler, 1 / 500, 5_000, 60_000);
    expect([...reads.keys()].sort()).toEqual(['j1', 'j2']);
    expect(reads.get('j1')?.length).toBeGreaterThan(10);
  });

  it('removes a job at any time', () => {
    const scheduler = withJobs(2);
    scheduler.started('j0', START + 5_000);
    scheduler.remove('j0');
    scheduler.observe('j0', { status: 'completed' }, START + 6_000);
    scheduler.ready('j0', START + 6_000);
    scheduler.remove('nobody');
    expect([scheduler.size, scheduler.executing]).toEqual([1, 1]);
    expect(scheduler.next(START + 6_000, 1)?.id).toBe('j1');
  });
});
