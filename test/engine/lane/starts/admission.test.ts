import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createAdmission } from '../../../../src/engine/lane/starts/admission.js';
import { creationsShutUntil } from '../../../../src/engine/lane/starts/creation-quota.js';
import type { EndpointBudget } from '../../../../src/services/limits/rate-budget.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const signal = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the creations of the day', () => {
  const tomorrow = 86_400_000;
  it.each<[string, EndpointBudget | undefined, number, number | undefined]>([
    ['nothing is known', undefined, 50, undefined],
    ['some are left', { remaining: 3, resetAt: tomorrow }, 2, undefined],
    ['all that are left are promised', { remaining: 3, resetAt: tomorrow }, 3, tomorrow + 1_000],
    ['none are left', { remaining: 0, resetAt: tomorrow }, 0, tomorrow + 1_000],
    ['the reset is over', { remaining: 0, resetAt: 500 }, 0, undefined],
    ['the reset is now', { remaining: 0, resetAt: 1_000 }, 0, undefined],
    ['the reset is not known', { remaining: 0 }, 0, undefined],
    ['only the reset is known', { resetAt: tomorrow }, 5, undefined],
    ['a 429 shut them', { shutUntil: 5_000 }, 0, 5_000],
    ['a 429 has shut them until now', { shutUntil: 1_000 }, 0, undefined],
  ])('%s', (_, known, onTheirWay, expected) => {
    expect(creationsShutUntil(known, onTheirWay, 1_000)).toBe(expected);
  });
});

describe('the admission', () => {
  function scene(creations?: EndpointBudget, places = 2) {
    const clock = createVirtualClock();
    const admission = createAdmission({ clock, hint: places, creations: () => creations });
    const started: string[] = [];
    const ask = (jobId: string, order: number, priority = 0, abort = signal): Promise<unknown> =>
      admission.turn({ jobId, order, priority }, abort).then(() => started.push(jobId));
    return { clock, admission, started, ask };
  }

  it('gives each freed place to the next in order', async () => {
    const { admission, started, ask } = scene();
    for (const [at, id] of ['a', 'b', 'c', 'd'].entries()) void ask(id, at);
    void ask('urgent', 9, 1);
    await turn();
    expect(started).toEqual(['a', 'b']);
    admission.release('a');
    await turn();
    admission.release('b');
    await turn();
    expect(started).toEqual(['a', 'b', 'urgent', 'c']);
  });

  it('forgets a job that does not want to wait any more', async () => {
    const { admission, started, ask } = scene();
    const abort = new AbortController();
    void ask('a', 1);
    void ask('b', 2);
    const given = ask('c', 3, 0, abort.signal).catch((error: unknown) => error);
    void ask('d', 4);
    abort.abort();
    expect(await given).toBeInstanceOf(DOMException);
    admission.release('a');
    await turn();
    expect(started).toEqual(['a', 'b', 'd']);
  });

  it('lets a job start by itself when the creations that others were promised reset', async () => {
    const { clock, admission, started, ask } = scene({
      remaining: 1,
      resetAt: createVirtualClock().now() + 60_000,
    });
    void ask('a', 1);
    void ask('b', 2);
    await turn();
    expect([started, clock.pending()]).toEqual([['a'], 1]);
    await clock.advance(60_999);
    expect(started).toEqual(['a']);
    await clock.advance(1);
    expect([started, clock.pending()]).toEqual([['a', 'b'], 0]);
    expect(admission.places).toEqual({ limit: 2, taken: 2 });
  });

  it('has one timer, for the earliest time, and none once no job waits', async () => {
    const { clock, admission, ask } = scene({
      remaining: 1,
      resetAt: createVirtualClock().now() + 3_600_000,
    });
    void ask('a', 1);
    const abort = new AbortController();
    void ask('b', 2, 0, abort.signal).catch(() => undefined);
    admission.refused();
    expect(clock.pending()).toBe(1);
    // The server is asked for a place long before the reset.
    await clock.advance(30_000);
    expect(clock.pending()).toBe(1);
    abort.abort();
    expect(clock.pending()).toBe(0);
  });

  it('lets jobs start once it is said that something has changed', async () => {
    const known: EndpointBudget[] = [{ remaining: 1, resetAt: 9e15 }];
    const admission = createAdmission({
      clock: createVirtualClock(),
      hint: 2,
      creations: () => known.at(-1),
    });
    const started: string[] = [];
    for (const [order, jobId] of ['a', 'b'].entries())
      void admission.turn({ jobId, order, priority: 0 }, signal).then(() => started.push(jobId));
    known.push({ remaining: 2, resetAt: 9e15 });
    await turn();
    expect(started).toEqual(['a']);
    admission.grantNext();
    await turn();
    expect(started).toEqual(['a', 'b']);
  });

  it('reports each change of the queue, and nothing else', async () => {
    let changes = 0;
    const admission = createAdmission({
      clock: createVirtualClock(),
      hint: 1,
      creations: () => undefined,
      onQueueChange: () => {
        changes += 1;
      },
    });
    const ask = (jobId: string, order: number) => admission.turn({ jobId, order, priority: 0 }, signal);
    await ask('a', 1);
    expect(changes).toBe(0);
    void ask('b', 2);
    expect(changes).toBe(1);
    admission.created('a');
    admission.grantNext();
    expect(changes).toBe(1);
    admission.release('a');
    expect(changes).toBe(2);
  });

  it('knows the position of a job in the queue', async () => {
    const { admission, ask } = scene();
    for (const [order, jobId] of ['a', 'b', 'c', 'd'].entries()) void ask(jobId, order);
    expect(admission.placeInQueue({ priority: 0, order: 2 })).toEqual({ place: 1, of: 2 });
    expect(admission.placeInQueue({ priority: 0, order: 3 })).toEqual({ place: 2, of: 2 });
    for (const gone of [
      { priority: 0, order: 0 },
      { priority: 1, order: 3 },
    ])
      expect(admission.placeInQueue(gone)).toBeUndefined();
  });

  it('queues no job whose wait was aborted before, and holds no signal longer than its job waits', async () => {
    const { admission, ask } = scene();
    const abort = new AbortController();
    const starting = ask('a', 1, 0, abort.signal);
    await starting;
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    abort.abort(new Error('no more'));
    await expect(ask('b', 2, 0, abort.signal)).rejects.toThrow('no more');
    expect([admission.waiting, admission.places.taken]).toEqual([0, 1]);
  });

  it('refuses jobs without a creation left until tomorrow, and says until when', async () => {
    const clock = createVirtualClock();
    const { admission, ask } = scene({ remaining: 0, resetAt: clock.now() + 3_600_000 });
    const refused = await ask('a', 1).catch((error: unknown) => error);
    expect(refused).toEqual({
      kind: 'rate-limited',
      message: `the job waits in the queue: the key has no creations left until ${new Date(clock.now() + 3_601_000).toISOString()}`,
      advice: 'Wait until the limit resets; the job continues by itself.',
      delivery: 'not-sent',
      limit: 'quota',
      retryAt: clock.now() + 3_601_000,
    });
    expect(admission.waiting).toBe(0);
  });

  it('does not promise a creation twice', async () => {
    const clock = createVirtualClock();
    const { admission, started, ask } = scene({ remaining: 1, resetAt: clock.now() + 3_600_000 });
    void ask('a', 1);
    void ask('b', 2);
    await turn();
    expect(started).toEqual(['a']);
    expect(admission.waiting).toBe(1);
    // It failed before its create: the creation is free again.
    admission.release('a');
    await turn();
    expect(started).toEqual(['a', 'b']);
  });

  it('sends nothing while the server is known to have no place', async () => {
    const { admission, ask } = scene();
    await ask('a', 1);
    await admission.create('a', async () => admission.created('a'));
    await ask('b', 2);
    await admission.create('b', async () => admission.refused());
    let isSent = false;
    const send = async (): Promise<void> => {
      isSent = true;
    };
    const refused = await admission.create('b', send).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'rate-limited', limit: 'concurrency', delivery: 'not-sent' });
    expect(isSent).toBe(false);
    admission.release('a');
    await admission.create('b', send);
    expect(isSent).toBe(true);
  });
});

describe('creates', () => {
  it('run a few at once, in order, and continue after a failure', async () => {
    const admission = createAdmission({ clock: createVirtualClock(), hint: 20, creations: () => undefined });
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (id: number) => () =>
      new Promise<void>((resolve, reject) => {
        begun.push(id);
        ends.push(id === 0 ? () => reject(new Error('no')) : resolve);
      });
    const all = [0, 1, 2, 3].map((id) => admission.create(`j${id}`, work(id)).catch(() => undefined));
    await turn();
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    ends[1]?.();
    ends[2]?.();
    await turn();
    ends[3]?.();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
