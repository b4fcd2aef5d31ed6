import { describe, expect, it } from 'vitest';
import { afterFailure, DEFAULT_RETRY, judge, type Setback } from '../../src/machines/failure/retry-policy.js';
import type { Failure } from '../../src/services/failure.js';

const NIGHT_MS = 8 * 3_600_000;
const down: Failure = { kind: 'server', message: 'down', advice: 'none', delivery: 'unknown' };

/** So many failures in a row, each some time after the pause before it. */
function row(count: number, lateMs: (index: number) => number, failure = down): Setback {
  let setback: Setback | undefined;
  for (let index = 0; index < count; index += 1) {
    const at = setback === undefined ? 1_000 : setback.until + lateMs(index);
    setback = afterFailure(DEFAULT_RETRY, setback, failure, at, 0.9);
  }
  if (setback === undefined) throw new Error('no failure');
  return setback;
}

describe('a row of failures', () => {
  it('is not over for the night that the machine slept in a pause or in a try', () => {
    for (let asleep = 1; asleep < 7; asleep += 1) {
      const setback = row(7, (index) => (index === asleep ? NIGHT_MS : 200));
      expect(judge(DEFAULT_RETRY, setback, 'about-job')).toBe('backOff');
    }
  });

  it('is not over, and not endless, where the clock is set to and fro', () => {
    const wild = (index: number): number => (index % 2 === 0 ? NIGHT_MS : -NIGHT_MS);
    expect(judge(DEFAULT_RETRY, row(7, wild), 'about-job')).toBe('backOff');
    expect(judge(DEFAULT_RETRY, row(8, wild), 'about-job')).toBe('giveUp');
  });

  it('is not over for what a server asked to wait', () => {
    const patient = row(1, () => 0);
    const asked = afterFailure(DEFAULT_RETRY, patient, { ...down, retryAt: NIGHT_MS }, patient.until, 0.5);
    expect(asked.until).toBe(NIGHT_MS);
    expect(judge(DEFAULT_RETRY, asked, 'about-job')).toBe('backOff');
  });

  it('is over by its tries, and by the time that they and their pauses took', () => {
    expect(
      judge(
        DEFAULT_RETRY,
        row(8, () => 0),
        'about-job',
      ),
    ).toBe('giveUp');
    const limits = { ...DEFAULT_RETRY, maxAttempts: 100, maxTotalMs: 120_000 };
    let setback: Setback | undefined;
    let tries = 0;
    do {
      tries += 1;
      setback = afterFailure(limits, setback, down, (setback?.until ?? 0) + 20_000, 0);
    } while (judge(limits, setback, 'about-job') === 'backOff' && tries < 100);
    // The first failure begins the row; the seventh try after it is beyond two minutes.
    expect(tries).toBe(8);
  });
});
