import { describe, expect, it } from 'vitest';
import { createQueueOrder } from '../../../../src/engine/lane/starts/queue-order.js';

const NOW = 1_000_000;
const orderOf = (now = NOW) => createQueueOrder(() => now);
type Stored = Parameters<ReturnType<typeof orderOf>['resumed']>[0][number];
const stored = (id: string, more: Partial<Stored> = {}): Stored => ({
  id,
  state: 'preparing',
  createdAt: NOW,
  ...more,
});
const ids = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);

describe('the rank of a new job', () => {
  it('is behind all others, even within a millisecond or after the clock was set back', () => {
    let now = NOW;
    const order = createQueueOrder(() => now);
    const first = [order.next(), order.next()].map((rank) => rank.order);
    now = NOW - 5_000;
    first.push(order.next().order);
    now = NOW + 5_000;
    first.push(order.next().order);
    expect(first).toEqual([NOW, NOW + 1, NOW + 2, NOW + 5_000]);
  });

  it.each([
    [undefined, 0],
    [3, 3],
    [-2.5, -2.5],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, Number.MAX_VALUE],
    [Number.NEGATIVE_INFINITY, -Number.MAX_VALUE],
  ])('has the priority %d as %d, which can be stored', (priority, expected) => {
    expect(orderOf().next(priority).priority).toBe(expected);
  });
});

describe('stored jobs', () => {
  it('resume with their places first, then by rank', () => {
    const records = [
      stored('late', { queue: { priority: 0, order: 9 } }),
      stored('early', { queue: { priority: 0, order: 1 } }),
      stored('urgent', { queue: { priority: 2, order: 9 } }),
      stored('saving', { jobSpecId: 'job_1', state: 'downloading', queue: { priority: 0, order: 5 } }),
      stored('running', { jobSpecId: 'job_2', state: 'executing', queue: { priority: 0, order: 99 } }),
      stored('asking', { jobSpecId: 'job_3', state: 'slot_needed', queue: { priority: 1, order: 99 } }),
    ];
    const resumed = orderOf().resumed(records, []);
    expect(ids(resumed)).toEqual(['asking', 'running', 'urgent', 'early', 'saving', 'late']);
    expect(resumed.map(({ hasPlace }) => hasPlace)).toEqual([true, true, false, false, false, false]);
    expect(resumed[2]?.queue).toEqual({ priority: 2, order: 9 });
  });

  it('without a rank come in the order that the lane has stored, then by age, and before none with a higher priority', () => {
    const records = [
      stored('young', { createdAt: NOW + 1 }),
      stored('old', { createdAt: NOW - 1 }),
      stored('second'),
      stored('first'),
      stored('urgent', { queue: { priority: 1, order: NOW } }),
    ];
    expect(ids(orderOf().resumed(records, ['gone', 'first', 'second']))).toEqual([
      'urgent',
      'first',
      'second',
      'old',
      'young',
    ]);
  });

  it('stay before new ones, though the clock was set back since', () => {
    const order = orderOf(NOW - 60_000);
    order.resumed([stored('a', { queue: { priority: 0, order: NOW } }), stored('b')], []);
    expect(order.next().order).toBe(NOW + 1);
  });
});
