import { describe, expect, it } from 'vitest';
import { boundTimes, shiftTimes } from '../../src/machines/context-times.js';
import { createJobContext, type JobContext } from '../../src/machines/job-context.js';
import type { Failure } from '../../src/services/failure.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const FAR = NOW + 30 * 86_400_000;
const failure: Failure = { kind: 'server', message: 'down', advice: 'none', delivery: 'unknown' };
const limited: Failure = { ...failure, kind: 'rate-limited', delivery: 'refused', retryAt: FAR };

const context = (more: Partial<JobContext>): JobContext => ({
  ...createJobContext({ workflowId: 'wf', files: ['a'], deadlineAt: NOW + 5 }),
  ...more,
});

const waiting = (interrupted: 'reading' | 'creating' | 'queued', because: Failure): JobContext =>
  context({
    interrupted,
    waitUntil: FAR,
    setbacks: { [interrupted]: { attempts: 1, since: FAR, until: FAR, failure: because } },
  });

describe('the times of a context', () => {
  it('move together, except those of other clocks', () => {
    const before = context({
      lastReadAt: 100,
      waitUntil: 300,
      uploads: [{ fileId: 'f', uploadedAt: 50 }, null],
      failure: { ...failure, retryAt: 400 },
      setbacks: { reading: { attempts: 2, since: 10, until: 300, failure: limited } },
      download: { url: '', expiresAt: 700 },
      files: [{ handle: 'a', name: 'a', bytes: 1, modifiedAt: 60 }],
    });
    expect(shiftTimes(before, -7)).toEqual({
      ...before,
      input: { ...before.input, deadlineAt: NOW - 2 },
      lastReadAt: 93,
      waitUntil: 293,
      uploads: [{ fileId: 'f', uploadedAt: 43 }, null],
      failure: { ...failure, retryAt: 393 },
      setbacks: { reading: { attempts: 2, since: 3, until: 293, failure: { ...limited, retryAt: FAR - 7 } } },
    });
    expect(shiftTimes(shiftTimes(before, 7), -7)).toEqual(before);
    expect(shiftTimes(createJobContext({ jobSpecId: 'j' }), 5)).toEqual(createJobContext({ jobSpecId: 'j' }));
  });

  it.each([
    ['a pause between tries', waiting('reading', failure), 30_000],
    ['the limit of status reads', waiting('reading', limited), 86_460_000],
    ['the limit of creations', waiting('creating', limited), 2 * 86_400_000],
    ['the limit of creations, in the queue', waiting('queued', limited), 2 * 86_400_000],
    ['a pause before a re-read', context({ waitUntil: FAR }), 30_000],
  ])('are bounded by what can be meant: %s', (_, far, longestMs) => {
    const bounded = boundTimes(far, NOW);
    expect(bounded.waitUntil).toBe(NOW + longestMs);
    for (const setback of Object.values(bounded.setbacks))
      expect(setback).toMatchObject({ since: NOW, until: NOW + longestMs });
  });

  it('are at most now if they are in the past by definition', () => {
    const future = context({ lastReadAt: FAR, uploads: [{ fileId: 'f', uploadedAt: FAR }] });
    expect(boundTimes(future, NOW)).toMatchObject({ lastReadAt: NOW, uploads: [{ uploadedAt: NOW }] });
  });

  it('stay as they are where they can be meant', () => {
    const sane = context({
      lastReadAt: NOW - 5,
      waitUntil: NOW + 20_000,
      interrupted: 'reading',
      setbacks: { reading: { attempts: 1, since: NOW - 9, until: NOW + 20_000, failure } },
    });
    expect(boundTimes(sane, NOW)).toEqual(sane);
  });
});
