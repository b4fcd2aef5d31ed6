import { describe, expect, it } from 'vitest';
import { type Caller, CallerOptions, CallerSignal } from '../../src/services/caller-signal.js';

const callerOf = (callerSignal: CallerSignal): Caller => ({
  jobId: 'a job',
  callerSignal,
  jobFields: () => ({ state: 'executing' }),
});

describe('the signal of a caller', () => {
  it('aborts together with that of the platform, whenever that is read', () => {
    const [early, late] = [new CallerSignal(), new CallerSignal()];
    const { real } = early;
    expect([real.aborted, real]).toEqual([false, early.real]);
    early.abort('enough');
    late.abort('enough');
    for (const signal of [real, late.real]) expect([signal.aborted, signal.reason]).toEqual([true, 'enough']);
  });

  it('calls each listener once, and none that was removed', () => {
    const signal = new CallerSignal();
    const heard: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => () => void heard.push(name));
    for (const listener of [first, second, third])
      signal.addEventListener('abort', listener ?? (() => undefined));
    signal.removeEventListener('abort', second ?? (() => undefined));
    signal.abort('enough');
    signal.abort('again');
    expect(heard).toEqual(['first', 'third']);
    expect([signal.aborted, signal.reason]).toEqual([true, 'enough']);
  });
});

describe('the options of a call', () => {
  it('can be spread by a port, with a signal of the platform', () => {
    const signal = new CallerSignal();
    const options = new CallerOptions(callerOf(signal));
    const { signal: given, jobId, jobFields } = { ...options };
    expect(given).toBeInstanceOf(AbortSignal);
    expect([jobId, jobFields()]).toEqual(['a job', { state: 'executing' }]);
    signal.abort('enough');
    expect(given.aborted).toBe(true);
  });

  it('have the signal that a port has put in', () => {
    const own = new AbortController();
    const options = new CallerOptions(callerOf(new CallerSignal()));
    expect(CallerOptions.signalOf({ ...options, signal: own.signal })).toBe(own.signal);
    expect(CallerOptions.signalOf({})).toBeUndefined();
  });
});
