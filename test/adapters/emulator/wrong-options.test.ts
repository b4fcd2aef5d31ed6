import { describe, expect, it } from 'vitest';
import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatorModelOptions,
  startEmulator,
  startReplay,
} from '../../../src/adapters/emulator/index.js';
import { createTestEmulator, createVirtualClock } from '../../../src/adapters/testing/index.js';

/** What a caller without types may write. */
const untyped = (options: unknown): EmulatorModelOptions => options as EmulatorModelOptions;
const LIMITS = { createsPerDay: 1, statusReadsPerMinute: 1, concurrentJobs: 1 };

const MISTAKES: readonly (readonly [unknown, string])[] = [
  [{ plan: 'nope' }, 'plan is "nope"; allowed: free, pro, business'],
  [{ plan: 'constructor' }, 'plan is "constructor"; allowed: free, pro, business'],
  [{ plan: null }, 'plan is null; allowed: free, pro, business'],
  [
    { plan: { createsPerDay: 1, concurrentJobs: 1 } },
    'plan.statusReadsPerMinute is undefined; allowed: a num',
  ],
  [{ plan: { ...LIMITS, concurrentJobs: -1 } }, 'plan.concurrentJobs is -1; allowed: a number from 0'],
  [{ apiKeys: [{ key: 'k', plan: 'x' }] }, 'apiKeys[0].plan is "x"; allowed: free, pro, business'],
  [{ resetFormat: 'zzz' }, 'resetFormat is "zzz"; allowed: epoch-s, epoch-ms, delta-s, http-date, iso'],
  [{ limiter: 'leaky' }, 'limiter is "leaky"; allowed: fixed, sliding, bucket'],
  [{ concurrentFrom: 'started' }, 'concurrentFrom is "started"; allowed: created, confirmed'],
  [{ speed: 0 }, 'speed is 0; allowed: a number above 0'],
  [{ speed: -1 }, 'speed is -1; allowed: a number above 0'],
  [{ speed: Number.NaN }, 'speed is NaN; allowed: a number above 0'],
  [{ urlLifeMs: -1 }, 'urlLifeMs is -1; allowed: a number from 0, in ms'],
  [{ statusIntervalMs: '2 s' }, 'statusIntervalMs is "2 s"; allowed: a number from 0, in ms'],
  [{ confirmBody: 'no' }, 'confirmBody is "no"; allowed: true, false'],
];

describe.each(MISTAKES)('an emulator with %j', (options, said) => {
  it('is refused at every door, by the name of the option and what is allowed', async () => {
    expect(() => createEmulatorModel(untyped(options))).toThrow(TypeError);
    expect(() => createEmulatorModel(untyped(options))).toThrow(said);
    expect(() => createTestEmulator(untyped(options))).toThrow(said);
    await expect(startEmulator(untyped(options))).rejects.toThrow(said);
  });
});

describe('options of an emulator', () => {
  it('are refused all at once, and nothing is left listening', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const starting = startEmulator(untyped({ plan: 'x', speed: -1 }));
    await expect(starting).rejects.toThrow(/plan is "x".*\n.*speed is -1/);
    const after = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    expect(after).toBe(before);
  });

  it.each([0, -1, Number.NaN])('have no speed of %s, where a trace is replayed, too', async (speed) => {
    const starting = startReplay({ har: '', speed });
    await expect(starting).rejects.toThrow(`speed is ${speed}; allowed: a number above 0`);
  });

  it('may be plans of one’s own, without end', () => {
    const plan = { ...LIMITS, createsPerDay: Number.POSITIVE_INFINITY, otherRequestsPerMinute: undefined };
    expect(createEmulatorModel({ plan, apiKeys: [{ key: 'k', plan: 'free' }] }).apiKey).toBe('k');
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('have no latency of %s', (latencyMs) => {
    const said = `latencyMs is ${latencyMs}; allowed: a number from 0, in ms, or a function`;
    const adapter = { clock: createVirtualClock(), latencyMs };
    expect(() => createTestEmulator({ latencyMs })).toThrow(said);
    expect(() => createEmulatorAdapter(createEmulatorModel(), adapter)).toThrow(said);
  });
});
