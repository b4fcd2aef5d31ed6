import { describe, expect, it } from 'vitest';
import type { PollScheduler } from '../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import type { PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';
import { createPoller } from '../../../../src/engine/lane/reads/poller.js';
import { CallerSignal, type StopSignal } from '../../../../src/services/caller-signal.js';
import { reading } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const never = (): AbortSignal => new AbortController().signal;

/** A poller whose scheduler and governor record what they are told, with times from the start, and permit every read. */
function scene() {
  const clock = createVirtualClock();
  const start = clock.now();
  const said: unknown[] = [];
  const note =
    (word: string) =>
    (...more: readonly unknown[]): void =>
      void said.push([word, ...more]);
  const ready = new Map<string, number>();
  const scheduler: PollScheduler = {
    ...{ size: 1, executing: 1 },
    add: ({ startedAt, ...job }) => note('add')({ ...job, startedAt: startedAt - start }),
    remove(id) {
      ready.delete(id);
      note('remove')(id);
    },
    started(id, now) {
      ready.delete(id);
      note('started')(id, now - start);
    },
    observe: (id, { status }, now) => note('observe')(id, status, now - start),
    ready: (id, now, notBefore = now) => void ready.set(id, Math.max(now, notBefore)),
    next() {
      const [first] = [...ready].sort(([, one], [, other]) => one - other);
      return first && { id: first[0], at: first[1], dueAt: first[1] };
    },
  };
  const limit = { waitMs: 0 };
  const governor: PollGovernor = {
    onSend: (now) => note('sent')(now - start),
    onLost: (now) => note('lost')(now - start),
    onReply: note('reply'),
    takeOver: note('takeOver'),
    facts: () => undefined,
    nextSendAt: (now) => now + limit.waitMs,
    readsPerMs: () => 1,
    blockedUntil: () => 0,
    view: () => ({ limit: 60, windowMs: 60_000, kind: 'fixed', share: 1 }),
  };
  const poller = createPoller({ clock, governor, scheduler });
  const given: unknown[] = [];
  const ask = (jobId: string, afterMs = 0, signal: StopSignal = never(), workflowId?: string) =>
    poller
      .turn(
        { jobId, notBefore: start + afterMs, ...(workflowId === undefined ? {} : { workflowId }) },
        signal,
      )
      .then(
        () => given.push([jobId, clock.now() - start]),
        (error: unknown) => given.push([jobId, error]),
      );
  /** What was said since the last call. */
  const heard = (): unknown[] => said.splice(0);
  return { clock, limit, poller, given, ask, heard };
}

describe('what a poller tells', () => {
  it('a turn: the scheduler and the governor, once', async () => {
    const { clock, poller, given, ask, heard } = scene();
    poller.began('a');
    expect(heard()).toEqual([]);
    await clock.advance(500);
    void ask('a', 0, never(), 'wf');
    await clock.advance(0);
    expect(given).toEqual([['a', 500]]);
    expect(heard()).toEqual([
      ['add', { id: 'a', startedAt: 0, workflowId: 'wf' }],
      ['started', 'a', 500],
      ['sent', 500],
    ]);
    poller.observe('a', reading('executing'));
    void ask('a', 3_000);
    await clock.advance(9_000);
    expect(given[1]).toEqual(['a', 3_000]);
    expect(heard()).toEqual([
      ['observe', 'a', 'executing', 500],
      ['started', 'a', 3_000],
      ['sent', 3_000],
    ]);
  });

  it.each([
    ['no confirm was seen', false, 'wf'],
    ['no workflow is named', true, undefined],
  ])('that a stretch is not learned from, if %s', async (_, isSeen, workflowId) => {
    const { clock, poller, ask, heard } = scene();
    if (isSeen) poller.began('a');
    await clock.advance(500);
    void ask('a', 0, never(), workflowId);
    expect(heard()).toEqual([
      ['remove', 'a'],
      ['add', { id: 'a', startedAt: isSeen ? 0 : 500 }],
    ]);
  });

  it('that a job which was not asked for is over, to the scheduler alone', () => {
    const { poller, heard } = scene();
    poller.observe('a', reading('executing'));
    poller.failed('a', false);
    expect(heard()).toEqual([]);
    poller.forget('a');
    expect(heard()).toEqual([['remove', 'a']]);
  });

  it.each<[string, (poller: ReturnType<typeof scene>['poller']) => void, unknown[]]>([
    [
      'lost, if the job is forgotten',
      (poller) => poller.forget('a'),
      [
        ['remove', 'a'],
        ['lost', 0],
        ['remove', 'a'],
      ],
    ],
    [
      'lost, if it was not sent',
      (poller) => poller.failed('a', false),
      [
        ['lost', 0],
        ['remove', 'a'],
      ],
    ],
    ['not lost, if it failed', (poller) => poller.failed('a', true), [['remove', 'a']]],
    [
      'not lost, if it was answered',
      (poller) => poller.observe('a', reading('executing')),
      [
        ['observe', 'a', 'executing', 0],
        ['remove', 'a'],
      ],
    ],
  ])('that a read is %s', async (_, end, expected) => {
    const { clock, poller, ask, heard } = scene();
    void ask('a');
    await clock.advance(0);
    heard();
    end(poller);
    poller.forget('a');
    expect(heard()).toEqual(expected);
    poller.forget('a');
    expect(heard().filter((words) => JSON.stringify(words).includes('lost'))).toEqual([]);
  });
});

describe('whether a poller knows a job', () => {
  it('from its first turn until it begins again, has a question or is over', async () => {
    const { clock, poller, ask, heard } = scene();
    const knownAfter = (): boolean => poller.knows('a');
    expect(knownAfter()).toBe(false);
    poller.began('a');
    expect(knownAfter()).toBe(false);
    void ask('a');
    expect(knownAfter()).toBe(true);
    await clock.advance(0);
    poller.observe('a', reading('executing'));
    expect(knownAfter()).toBe(true);
    poller.began('a');
    expect(knownAfter()).toBe(false);
    void ask('a', 0, never(), 'wf');
    heard();
    poller.observe('a', reading('slot_needed'));
    // Its place in the scheduler, with what was learned, is kept.
    expect(heard()).toEqual([['observe', 'a', 'slot_needed', 0]]);
    expect(knownAfter()).toBe(false);
    // The confirm of the stretch before is not that of the next one.
    await clock.advance(100);
    heard();
    void ask('a', 0, never(), 'wf');
    expect(heard()).toEqual([
      ['remove', 'a'],
      ['add', { id: 'a', startedAt: 100 }],
    ]);
  });

  it.each(['completed', 'failed'] as const)('not, nor waits for it, once it has %s', async (status) => {
    const { clock, poller, ask, heard } = scene();
    void ask('a');
    await clock.advance(0);
    heard();
    poller.observe('a', reading(status));
    expect(heard()).toEqual([
      ['observe', 'a', status, 0],
      ['remove', 'a'],
    ]);
    expect(poller.knows('a')).toBe(false);
    poller.wake();
    expect(clock.pending()).toBe(0);
  });
});

describe('the timer of a poller', () => {
  it('is set to the earliest time, by a wake only while there are jobs, and ends with the last', async () => {
    const { clock, poller, given, ask } = scene();
    poller.wake();
    expect(clock.pending()).toBe(0);
    void ask('late', 9_000);
    await clock.advance(10);
    expect(clock.pending()).toBe(1);
    void ask('soon', 2_000);
    expect(clock.pending()).toBe(1);
    await clock.advance(10);
    poller.wake();
    expect(clock.pending()).toBe(1);
    await clock.advance(3_000);
    expect(given).toEqual([['soon', 2_000]]);
    poller.forget('soon');
    expect(clock.pending()).toBe(1);
    poller.forget('late');
    expect(clock.pending()).toBe(0);
    void ask('again', 4_000);
    await clock.advance(6_000);
    expect(given[1]).toEqual(['again', 4_000]);
    expect(clock.pending()).toBe(0);
  });

  it('is set anew by a wake, once the limit has opened', async () => {
    const { clock, limit, poller, given, ask } = scene();
    limit.waitMs = 60_000;
    void ask('a');
    await clock.advance(1_000);
    limit.waitMs = 0;
    await clock.advance(1_000);
    expect(given).toEqual([]);
    poller.wake();
    await clock.advance(0);
    expect(given).toEqual([['a', 2_000]]);
  });
});

describe('an abort', () => {
  it('before the turn is asked for leaves nothing behind', async () => {
    const { clock, poller, given, ask, heard } = scene();
    const signal = new CallerSignal();
    signal.abort('stop');
    await ask('a', 0, signal);
    expect(given).toEqual([['a', 'stop']]);
    expect(heard()).toEqual([]);
    expect([poller.knows('a'), clock.pending()]).toEqual([false, 0]);
  });

  it('during the wait forgets the job', async () => {
    const { clock, poller, given, ask, heard } = scene();
    const signal = new CallerSignal();
    const waiting = ask('a', 5_000, signal);
    heard();
    signal.abort('stop');
    await waiting;
    expect(given).toEqual([['a', 'stop']]);
    expect(heard()).toEqual([['remove', 'a']]);
    expect([poller.knows('a'), clock.pending()]).toEqual([false, 0]);
  });

  it('during the read, or of a signal that is not used any more, changes nothing', async () => {
    const { clock, poller, given, ask, heard } = scene();
    const [first, second] = [new CallerSignal(), new CallerSignal()];
    void ask('a', 0, first);
    await clock.advance(0);
    poller.observe('a', reading('executing'));
    void ask('a', 1_000, second);
    heard();
    first.abort('old');
    expect(heard()).toEqual([]);
    await clock.advance(1_000);
    heard();
    second.abort('stop');
    expect(heard()).toEqual([]);
    expect(given).toEqual([
      ['a', 0],
      ['a', 1_000],
    ]);
    expect(poller.knows('a')).toBe(true);
  });

  it('is listened for once per signal, with a listener that leaves after it', async () => {
    const { clock, poller, ask } = scene();
    const added: unknown[] = [];
    const signal = (): StopSignal => ({
      ...{ aborted: false, reason: undefined, removeEventListener: () => undefined },
      addEventListener: (...words) => void added.push([words[0], words[2]]),
    });
    const [first, second] = [signal(), signal()];
    for (const used of [first, first, second]) {
      void ask('a', 0, used);
      await clock.advance(10);
      poller.observe('a', reading('executing'));
    }
    expect(added).toEqual([
      ['abort', { once: true }],
      ['abort', { once: true }],
    ]);
  });
});
