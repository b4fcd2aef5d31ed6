import { describe, expect, it } from 'vitest';
import {
  createPollScheduler,
  type PollScheduler,
  type PollSchedulerOptions,
} from '../../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import {
  addRun,
  EMPTY_HISTORY,
  type WorkflowHistory,
} from '../../../../../src/engine/lane/reads/forecast/workflow-history.js';

const START = 1_700_000_000_000;
/** Two reads a second. */
const PACE = 1 / 500;

const runsOf = (durationMs: number): WorkflowHistory =>
  Array.from({ length: 20 }).reduce<WorkflowHistory>(
    (past, _, at) =>
      addRun(past, { segment: 0, durationMs: durationMs * (at % 2 ? 1.05 : 0.95), guesses: [] }),
    EMPTY_HISTORY,
  );
const HISTORIES: Readonly<Record<string, WorkflowHistory>> = {
  short: runsOf(30_000),
  long: runsOf(3_000_000),
};
const schedulerOf = (options: PollSchedulerOptions = {}): PollScheduler =>
  createPollScheduler({ loadHistory: (id) => HISTORIES[id], ...options });

/** The read of a job at a time, with its reply at once. */
function read(scheduler: PollScheduler, id: string, at: number, progress?: number): void {
  scheduler.started(id, START + at);
  const reading = { status: 'executing', ...(progress === undefined ? {} : { progress }) };
  scheduler.observe(id, reading, START + at);
  scheduler.ready(id, START + at);
}
/** What is read next, and when, in ms after the start. */
function next(scheduler: PollScheduler, at: number, pace = PACE) {
  const pick = scheduler.next(START + at, pace);
  return pick && { id: pick.id, at: pick.at - START, dueAt: pick.dueAt - START };
}

describe('the first read of a job', () => {
  it('is after 2 s, or 2 s after one that another process has made', () => {
    const scheduler = schedulerOf();
    scheduler.add({ id: 'a', startedAt: START });
    expect(next(scheduler, 0)?.at).toBe(2_000);
    scheduler.remove('a');
    scheduler.add({ id: 'a', startedAt: START, lastReadAt: START + 5_000 });
    expect(next(scheduler, 0)?.at).toBe(7_000);
  });
});

describe('a read is due', () => {
  it('at once for a job that is about to change, and within 8 s for any other, if so many can be sent', () => {
    const about = schedulerOf();
    about.add({ id: 'a', workflowId: 'short', startedAt: START });
    read(about, 'a', 28_000);
    expect(next(about, 28_000)).toEqual({ id: 'a', at: 30_000, dueAt: 30_000 });
    const far = schedulerOf();
    far.add({ id: 'a', workflowId: 'long', startedAt: START });
    read(far, 'a', 60_000);
    expect(next(far, 60_000)).toEqual({ id: 'a', at: 62_000, dueAt: 68_000 });
  });

  it('within two rounds of all jobs, and within a minute and a half however many there are', () => {
    const dueOf = (jobs: number, pace = PACE): number => {
      const scheduler = schedulerOf();
      next(scheduler, 0, pace);
      for (let at = 0; at < jobs; at += 1)
        scheduler.add({ id: `j${at}`, workflowId: 'long', startedAt: START });
      const first = next(scheduler, 0, pace)?.id ?? '';
      for (let at = 0; at < jobs; at += 1) read(scheduler, `j${at}`, 60_000);
      expect(first).toBe('j0');
      return (next(scheduler, 60_000, pace)?.dueAt ?? 0) - 60_000;
    };
    expect(dueOf(16)).toBeCloseTo(16_000, -1);
    expect(dueOf(400)).toBeLessThanOrEqual(90_000);
    expect(dueOf(400)).toBeGreaterThan(8_000);
    // The pace that the limit allows says how long a round is.
    expect(dueOf(16, PACE / 2)).toBeCloseTo(32_000, -1);
    expect(dueOf(16, PACE * 16)).toBe(8_000);
  });

  it('as with one read a second, before a pace is said', () => {
    const dueOf = (isSaid: boolean) => {
      const scheduler = schedulerOf();
      if (isSaid) next(scheduler, 0, 1 / 1_000);
      for (let at = 0; at < 20; at += 1)
        scheduler.add({ id: `j${at}`, workflowId: 'long', startedAt: START });
      for (let at = 0; at < 20; at += 1) read(scheduler, `j${at}`, 60_000);
      return next(scheduler, 60_000, 1 / 1_000);
    };
    expect(dueOf(false)).toEqual(dueOf(true));
    expect(dueOf(false)?.dueAt).toBeGreaterThan(68_000);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'at the same time where the pace is said to be %d',
    (pace) => {
      const scheduler = schedulerOf();
      for (let at = 0; at < 16; at += 1) scheduler.add({ id: `j${at}`, startedAt: START });
      const before = next(scheduler, 1_000);
      expect(next(scheduler, 1_000, pace)).toEqual(before);
      read(scheduler, 'j0', 2_000);
      const other = schedulerOf();
      for (let at = 0; at < 16; at += 1) other.add({ id: `j${at}`, startedAt: START });
      next(other, 1_000);
      read(other, 'j0', 2_000);
      expect(next(scheduler, 2_000)).toEqual(next(other, 2_000));
    },
  );

  it('sooner for a job of which the progress says that it ends', () => {
    const scheduler = schedulerOf();
    for (const id of ['begins', 'ends']) scheduler.add({ id, startedAt: START });
    next(scheduler, 0);
    for (const [id, progress] of [
      ['begins', 5],
      ['ends', 99],
    ] as const)
      read(scheduler, id, 60_000, progress);
    expect(next(scheduler, 62_000)?.id).toBe('ends');
  });

  it('for about as many jobs as can be read, a little early', () => {
    for (const [jobs, pace] of [
      [20, PACE],
      [12, 1 / 3_000],
    ] as const) {
      const scheduler = schedulerOf();
      for (let at = 0; at < jobs; at += 1) scheduler.add({ id: `j${at}`, startedAt: START + at });
      const early: number[] = [];
      for (let at = 2_500; at < (40 * jobs) / pace; at += 1 / pace) {
        const pick = next(scheduler, at, pace);
        if (pick === undefined || pick.at > at) continue;
        early.push(pick.dueAt - at);
        read(scheduler, pick.id, at);
      }
      const late = early.slice(-20 * jobs);
      const mean = late.reduce((sum, ms) => sum + ms, 0) / late.length;
      // In parts of a round: 0 if all are always due, 1 if none ever is.
      expect((mean * pace) / jobs).toBeGreaterThan(0.05);
      expect((mean * pace) / jobs).toBeLessThan(0.5);
    }
  });
});

describe('the next job', () => {
  it('is each in turn where the order is that of a round, whatever is expected of them', () => {
    const scheduler = schedulerOf({ order: 'round-robin' });
    for (const [id, workflowId] of [
      ['a', 'long'],
      ['b', 'short'],
      ['c', 'long'],
    ] as const)
      scheduler.add({ id, workflowId, startedAt: START });
    const order: (string | undefined)[] = [];
    for (let at = 26_000; at < 38_000; at += 1_000) {
      const pick = next(scheduler, at);
      order.push(pick?.id);
      expect(pick).toMatchObject({ at, dueAt: at });
      read(scheduler, pick?.id ?? '', at);
    }
    expect(order.join('')).toBe('abcabcabcabc');
  });

  it('is the one that was not read for longest, once it starves because there are fewer jobs', () => {
    const scheduler = schedulerOf();
    next(scheduler, 0);
    for (let at = 0; at < 400; at += 1) scheduler.add({ id: `j${at}`, workflowId: 'long', startedAt: START });
    scheduler.add({ id: 'old', workflowId: 'long', startedAt: START });
    scheduler.add({ id: 'about', workflowId: 'short', startedAt: START + 40_000 });
    read(scheduler, 'old', 60_000);
    for (let at = 0; at < 400; at += 1) scheduler.remove(`j${at}`);
    read(scheduler, 'about', 65_500);
    expect(next(scheduler, 67_999)?.id).toBe('about');
    // No pace at all is none that is known.
    expect(next(scheduler, 68_001, 0)?.id).toBe('old');
    expect(next(scheduler, 68_001)).toEqual({ id: 'old', at: 68_001, dueAt: 68_001 });
  });

  it('is one that may be read now before one that is due sooner and may not', () => {
    const scheduler = schedulerOf();
    for (const id of ['far', 'about'])
      scheduler.add({ id, workflowId: id === 'far' ? 'long' : 'short', startedAt: START });
    read(scheduler, 'far', 28_000);
    scheduler.started('about', START + 28_000);
    scheduler.observe('about', { status: 'executing' }, START + 28_000);
    scheduler.ready('about', START + 28_000, START + 34_000);
    expect(next(scheduler, 31_000)).toMatchObject({ id: 'far', at: 31_000 });
    expect(next(scheduler, 34_000)).toMatchObject({ id: 'about', at: 34_000 });
  });

  it('is none that is being read, until its reply', () => {
    const scheduler = schedulerOf();
    scheduler.add({ id: 'a', startedAt: START });
    expect(next(scheduler, 5_000)?.id).toBe('a');
    scheduler.started('a', START + 5_000);
    scheduler.started('a', START + 5_000);
    scheduler.started('nobody', START + 5_000);
    expect(next(scheduler, 9_000)).toBeUndefined();
    // A lost read is the last one all the same, if it was not sent: the one before.
    scheduler.ready('a', START + 6_000);
    expect(next(scheduler, 9_000)?.id).toBe('a');
  });

  it('is not the one that is sent in the place of the picked one', () => {
    const scheduler = schedulerOf();
    for (const id of ['a', 'b']) scheduler.add({ id, startedAt: START });
    const picked = next(scheduler, 5_000)?.id ?? '';
    const other = picked === 'a' ? 'b' : 'a';
    scheduler.started(other, START + 5_000);
    expect(next(scheduler, 5_000)?.id).toBe(picked);
    // One that was removed since, and is there again, is another.
    scheduler.remove(picked);
    scheduler.add({ id: picked, startedAt: START });
    scheduler.started(picked, START + 5_000);
    expect(next(scheduler, 9_000)).toBeUndefined();
  });

  it('is none that has ended or waits for a person, and these are not counted', () => {
    for (const status of ['failed', 'completed', 'slot_needed']) {
      const scheduler = schedulerOf();
      for (const id of ['a', 'b']) scheduler.add({ id, startedAt: START });
      scheduler.add({ id: 'b', startedAt: START });
      expect(scheduler.executing).toBe(2);
      scheduler.observe('a', { status }, START + 5_000);
      scheduler.ready('a', START + 5_000);
      expect([scheduler.executing, scheduler.size]).toEqual([1, 2]);
      scheduler.started('b', START + 9_000);
      expect(next(scheduler, 9_000)).toBeUndefined();
      scheduler.remove('a');
      expect([scheduler.executing, scheduler.size]).toEqual([1, 1]);
    }
  });
});

describe('what is learned', () => {
  it('is nothing without a place for it, or from a job of an unknown workflow', () => {
    const asked: string[] = [];
    const saved: string[] = [];
    const scheduler = createPollScheduler({
      loadHistory: (id) => {
        asked.push(id);
        return undefined;
      },
      saveHistory: (id) => void saved.push(id),
    });
    scheduler.add({ id: 'attached', startedAt: START });
    scheduler.observe('attached', { status: 'completed' }, START + 9_000);
    expect([asked, saved]).toEqual([[], []]);
    const forgetful = createPollScheduler();
    forgetful.add({ id: 'a', workflowId: 'wf', startedAt: START });
    forgetful.observe('a', { status: 'completed' }, START + 9_000);
    expect(forgetful.executing).toBe(0);
  });

  it('of progress counts from where the stretch began', () => {
    let history: WorkflowHistory = EMPTY_HISTORY;
    const scheduler = createPollScheduler({
      loadHistory: () => history,
      saveHistory: (_, past) => {
        history = past;
      },
    });
    scheduler.add({ id: 'a', workflowId: 'wf', startedAt: START });
    scheduler.observe('a', { status: 'executing', progress: 40 }, START + 10_000);
    scheduler.observe('a', { status: 'slot_needed' }, START + 20_000);
    scheduler.add({ id: 'a', startedAt: START + 60_000 });
    // One percent further is too little to show anything.
    scheduler.observe('a', { status: 'executing', progress: 41 }, START + 70_000);
    scheduler.observe('a', { status: 'completed', progress: 100 }, START + 80_000);
    const bins = history.segments.map(({ progress }) => progress.map(({ count }) => count));
    expect(bins).toEqual([[0, 0, 1], []]);
    // The straight line from 40.5 % after 10 s, and the middle between the last two reads.
    const [first] = history.segments;
    expect(first?.progress[2]?.mean).toBeCloseTo(Math.log(15_000 / ((10_000 * 100.5) / 40.5)), 9);
  });
  it('of progress counts from the last one that was shown, even if that was a stretch before', () => {
    let history: WorkflowHistory = EMPTY_HISTORY;
    const scheduler = createPollScheduler({
      loadHistory: () => history,
      saveHistory: (_, past) => {
        history = past;
      },
    });
    scheduler.add({ id: 'a', workflowId: 'wf', startedAt: START });
    scheduler.observe('a', { status: 'slot_needed', progress: 40 }, START + 20_000);
    scheduler.add({ id: 'a', startedAt: START + 60_000 });
    scheduler.observe('a', { status: 'slot_needed' }, START + 80_000);
    scheduler.add({ id: 'a', startedAt: START + 100_000 });
    scheduler.observe('a', { status: 'executing', progress: 41 }, START + 110_000);
    scheduler.observe('a', { status: 'completed' }, START + 120_000);
    expect(history.segments.map(({ progress }) => progress)).toEqual([[], [], []]);
  });
});
