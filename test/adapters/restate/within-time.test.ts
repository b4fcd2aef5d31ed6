import { expect, it, vi } from 'vitest';
import { withinTime } from '../../../src/adapters/restate/within-time.js';

it('a request that its platform has forgotten ends all the same, and one that was answered in time leaves no timer', async () => {
  vi.useFakeTimers();
  try {
    let isAborted = false;
    const forgotten = withinTime(1_000, (signal) => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Promise<never>(() => undefined);
    });
    const ended = expect(forgotten).rejects.toThrow('no answer within 1 s');
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(isAborted).toBe(true);
    expect(await withinTime(1_000, async () => 'answered')).toBe('answered');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('a request that its platform has forgotten ends with the signal of its host', async () => {
  const ending = new AbortController();
  const reason = new Error('the host has enough');
  const forgotten = withinTime(60_000, () => new Promise<never>(() => undefined), ending.signal);
  ending.abort(reason);
  await expect(forgotten).rejects.toBe(reason);
  await expect(withinTime(60_000, async () => 'not begun', ending.signal)).rejects.toBe(reason);
});
