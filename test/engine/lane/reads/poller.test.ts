import { describe, expect, it } from 'vitest';
import { createPollScheduler } from '../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import type { WorkflowHistory } from '../../../../src/engine/lane/reads/forecast/workflow-history.js';
import { createLaneBudget } from '../../../../src/engine/lane/reads/lane-budget.js';
import { createPollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';
import { createPoller, type Poller } from '../../../../src/engine/lane/reads/poller.js';
import { reading } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const never = (): AbortSignal => new AbortController().signal;

function scene() {
  const clock = createVirtualClock();
  const governor = createPollGovernor({ random: () => 0.5 });
  const history = new Map<string, WorkflowHistory>();
  const scheduler = createPollScheduler({
    loadHistory: (id) => history.get(id),
    saveHistory: (id, past) => void history.set(id, past),
  });
  const poller = createPoller({ clock, governor, scheduler });
  const budget = createLaneBudget({ governor, onLimitLearned: () => poller.wake() });
  const given: { jobId: string; at: number }[] = [];
  const ask = (jobId: string, notBefore = 0, signal = never(), workflowId = 'wf'): Promise<unknown> =>
    poller.turn({ jobId, notBefore, workflowId }, signal).then(
      () => given.push({ jobId, at: clock.now() }),
      (error: unknown) => error,
    );
  /** A reply with honest headers of a plan with plenty. */
  type Status = 'executing' | 'slot_needed' | 'completed';
  const answer = (jobId: string, status: Status = 'executing', remaining = 900): void => {
    const now = clock.now();
    budget.observe({
      endpoint: 'status',
      sentAt: now,
      receivedAt: now,
      status: 200,
      remaining,
      resetAt: now + 60_000,
    });
    poller.observe(jobId, reading(status));
  };
  return { clock, governor, poller, budget, history, given, ask, answer, start: clock.now() };
}

describe('the poller', () => {
  it('gives no turn in the moment in which it is asked for one: what people wait for leaves first', async () => {
    const { clock, poller, given, ask } = scene();
    poller.began('a');
    await clock.advance(5_000);
    void ask('a');
    await Promise.resolve();
    expect(given).toEqual([]);
    await clock.advance(0);
    expect(given).toHaveLength(1);
  });

  it('reads a job first 2 s after its confirm, and then not before the requested time', async () => {
    const { clock, poller, given, ask, answer, start } = scene();
    poller.began('a');
    void ask('a');
    await clock.advance(2_100);
    expect(given.map(({ at }) => at - start)).toEqual([2_000]);
    answer('a');
    void ask('a', start + 30_000);
    await clock.advance(60_000);
    expect(given[1]?.at).toBeGreaterThanOrEqual(start + 30_000);
  });

  it('has one timer, and none once no job is read', async () => {
    const { clock, poller, ask } = scene();
    for (let at = 0; at < 50; at += 1) {
      poller.began(`j${at}`);
      void ask(`j${at}`);
    }
    await clock.advance(100);
    expect(clock.pending()).toBe(1);
    for (let at = 0; at < 50; at += 1) poller.forget(`j${at}`);
    expect(clock.pending()).toBe(0);
  });

  it('forgets a job whose wait is aborted', async () => {
    const { clock, poller, given, ask } = scene();
    const abort = new AbortController();
    poller.began('a');
    const waiting = ask('a', 0, abort.signal);
    abort.abort();
    expect(await waiting).toBeInstanceOf(DOMException);
    await clock.advance(60_000);
    expect(given).toEqual([]);
    expect(await ask('a', 0, abort.signal)).toBeInstanceOf(DOMException);
  });

  it.each([
    ['was not used', (poller: Poller) => poller.failed('a', false)],
    ['has lost its job', (poller: Poller) => poller.forget('a')],
  ])('does not count a turn that %s', async (_, end) => {
    const { clock, governor, poller, given, ask, answer } = scene();
    poller.began('a');
    void ask('a');
    await clock.advance(3_000);
    answer('a', 'executing', 3);
    void ask('a');
    await clock.advance(40_000);
    expect(given).toHaveLength(2);
    // Of three that are left one is kept in reserve: with one in flight a single one would have to do until the reset.
    const last = given[1]?.at ?? 0;
    const before = governor.nextSendAt(last, 1) - last;
    end(poller);
    expect(governor.nextSendAt(last, 1) - last).toBeLessThan(0.6 * before);
  });

  it('learns from a stretch whose confirm it saw, and from no other', async () => {
    const { clock, poller, history, ask, answer } = scene();
    poller.began('a');
    for (const status of ['executing', 'slot_needed'] as const) {
      void ask('a');
      await clock.advance(10_000);
      answer('a', status);
    }
    expect(history.get('wf')?.segments).toHaveLength(1);
    // The question is read once more without a confirm: that is no stretch.
    void ask('a');
    await clock.advance(10_000);
    answer('a', 'slot_needed');
    expect(history.get('wf')?.segments[0]?.duration.count).toBe(1);
    void ask('stranger', 0, never(), 'other');
    await clock.advance(10_000);
    answer('stranger', 'completed');
    expect(history.has('other')).toBe(false);
  });
});

describe('the budget of a lane', () => {
  it('is shut for reads only by a 429, until the time that came with it', () => {
    const { clock, budget, start } = scene();
    const about = { endpoint: 'status', sentAt: start, receivedAt: start } as const;
    budget.observe({ ...about, status: 200, remaining: 0, resetAt: start + 5_000 });
    expect(budget.mayAt('status', clock.now())).toBeUndefined();
    budget.observe({ ...about, status: 429, remaining: 0, resetAt: start + 30_000, retryAt: start + 30_000 });
    expect(budget.mayAt('status', clock.now())).toBeGreaterThan(start + 30_000);
  });

  it('shuts every other endpoint after the last request that is permitted', () => {
    const { budget, start } = scene();
    budget.observe({
      endpoint: 'create',
      sentAt: start,
      receivedAt: start,
      status: 201,
      remaining: 0,
      resetAt: start + 3_600_000,
    });
    expect(budget.mayAt('create', start)).toBe(start + 3_600_000);
    expect(budget.mayAt('confirm', start)).toBeUndefined();
    expect(budget.snapshot().create?.remaining).toBe(0);
  });
});
