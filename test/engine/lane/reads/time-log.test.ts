import { expect, it } from 'vitest';
import { TimeLog } from '../../../../src/engine/lane/reads/time-log.js';

it('counts what is at or after a time', () => {
  const log = new TimeLog();
  for (const at of [10, 20, 20, 30]) log.add(at);
  expect([0, 10, 11, 20, 31].map((since) => log.countSince(since))).toEqual([4, 4, 3, 3, 0]);
});

it('forgets from the old end, also in bulk', () => {
  const log = new TimeLog();
  for (let at = 0; at < 2_000; at += 1) log.add(at);
  log.forgetBefore(1_500);
  expect(log.length).toBe(500);
  expect(log.oldest()).toBe(1_500);
  expect(log.shift()).toBe(1_500);
  expect(log.countSince(0)).toBe(499);
});

it('is empty without harm', () => {
  const log = new TimeLog();
  expect([log.shift(), log.oldest(), log.countSince(5), log.length]).toEqual([undefined, undefined, 0, 0]);
});

it('moves with a clock that was set', () => {
  const log = new TimeLog();
  log.add(1_000);
  log.add(2_000);
  log.shift();
  log.moveBy(-500);
  expect(log.oldest()).toBe(1_500);
});

it('keeps its order and its counts, however much was forgotten', () => {
  for (const count of [255, 256, 257, 511, 512, 513, 1_000]) {
    const log = new TimeLog();
    for (let at = 0; at < count; at += 1) log.add(at);
    for (let at = 0; at < count; at += 1) {
      expect([log.length, log.oldest(), log.countSince(count - 1)]).toEqual([count - at, at, 1]);
      expect(log.shift()).toBe(at);
    }
    expect([log.length, log.oldest(), log.shift()]).toEqual([0, undefined, undefined]);
    log.add(7);
    expect([log.length, log.oldest(), log.countSince(7), log.countSince(8)]).toEqual([1, 7, 1, 0]);
  }
});

it('moves what it has not forgotten, and no more', () => {
  const log = new TimeLog();
  for (const at of [1_000, 2_000, 3_000]) log.add(at);
  log.shift();
  log.moveBy(-500);
  expect([log.length, log.shift(), log.shift(), log.shift()]).toEqual([2, 1_500, 2_500, undefined]);
});
