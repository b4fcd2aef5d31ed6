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
