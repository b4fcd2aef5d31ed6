import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createEmulatorModel,
  type EmulatorModelOptions,
  PLANS,
} from '../../../src/adapters/emulator/index.js';
import { createLimiter, type LimiterKind } from '../../../src/adapters/emulator/model/limiter.js';
import { callModel } from './api-client.js';

const START = Date.UTC(2026, 2, 30, 12);
const KINDS: readonly LimiterKind[] = ['fixed', 'sliding', 'bucket'];

const traffic = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  windowMs: fc.integer({ min: 10, max: 5_000 }),
  gaps: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 5, maxLength: 120 }),
});

/** Sends at each time; takes where the limiter is open. Returns the times that were let through. */
function run(
  kind: LimiterKind,
  { limit, windowMs, gaps }: { limit: number; windowMs: number; gaps: number[] },
) {
  const limiter = createLimiter(kind, { limit, windowMs });
  const passed: number[] = [];
  let now = START;
  for (const gap of gaps) {
    now += gap;
    if (limiter.peek(now).remaining === 0) continue;
    limiter.take(now);
    passed.push(now);
  }
  return { limiter, passed, now };
}

const mostWithin = (times: readonly number[], windowMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));

describe.each(KINDS)('a limiter that is %s', (kind) => {
  it('opens at the reset that it names, and not a millisecond before where it is shut', () => {
    fc.assert(
      fc.property(traffic, (input) => {
        const { limiter, now } = run(kind, input);
        const reading = limiter.peek(now);
        fc.pre(reading.remaining === 0);
        expect(limiter.peek(reading.resetAt).remaining).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(traffic, (input) => {
        const { limiter, now } = run(kind, input);
        const reading = limiter.peek(now);
        fc.pre(reading.remaining === 0 && reading.resetAt - 2 > now);
        expect(limiter.peek(reading.resetAt - 2).remaining).toBe(0);
      }),
    );
  });

  it('lets no more through than its limit allows', () => {
    fc.assert(
      fc.property(traffic, (input) => {
        const { passed } = run(kind, input);
        const most = mostWithin(passed, input.windowMs);
        // A fixed window may be used up on both sides of its edge, and a bucket refills while it is emptied.
        expect(most).toBeLessThanOrEqual(kind === 'sliding' ? input.limit : 2 * input.limit);
      }),
    );
  });

  it('counts down to nothing', () => {
    const limiter = createLimiter(kind, { limit: 3, windowMs: 60_000 });
    const left = Array.from({ length: 3 }, () => {
      limiter.take(START);
      return limiter.peek(START).remaining;
    });
    expect(left).toEqual([2, 1, 0]);
  });
});

function begin(options: EmulatorModelOptions) {
  const time = { now: START };
  const model = createEmulatorModel(options);
  const call = callModel(model, () => time.now);
  const create = () =>
    call('POST', '/jobs/goal', {
      workflowId: 'goal_lane.resume_tailor',
      fileIds: [model.registerUpload({ name: 'a.txt', bytes: Buffer.from('x') }, time.now)],
    });
  return { time, model, call, create };
}

const unlimitedJobs = Number.POSITIVE_INFINITY;

describe('the limits of the plans', () => {
  it('allows the free plan 10 creations a day, and reports how many are left', () => {
    const { create, time } = begin({ plan: { ...PLANS.free, concurrentJobs: unlimitedJobs } });
    const left = Array.from({ length: 10 }, () => create().headers['x-ratelimit-remaining']);
    expect(left).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    const refused = create();
    expect(refused).toMatchObject({
      status: 429,
      body: { error: 'rate_limited', message: expect.any(String), code: 429 },
    });
    time.now = Number(refused.headers['x-ratelimit-reset']) * 1000;
    expect(create().status).toBe(201);
  });

  it('counts only jobs that came into being', () => {
    const { call, create } = begin({ plan: 'free' });
    for (let i = 0; i < 20; i += 1) call('POST', '/jobs/goal', { workflowId: 'nope', fileIds: [] });
    expect(create().headers['x-ratelimit-remaining']).toBe('9');
  });

  it.each([
    ['free', 60],
    ['pro', 300],
    ['business', 1000],
  ] as const)('allows the %s plan %d status reads a minute, over all jobs of the key', (plan, limit) => {
    const { call, create, time } = begin({ plan });
    const paths = [create(), create()].map(({ body }) => `/jobs/goal/${body.jobSpecId}/status`);
    for (let i = 0; i < limit; i += 1) expect(call('GET', paths[i % 2] ?? '').status).toBe(200);
    expect(call('GET', paths[0] ?? '').status).toBe(429);
    expect(call('GET', '/workflows/catalog').status).toBe(200);
    time.now += 60_000;
    expect(call('GET', paths[0] ?? '').status).toBe(200);
  });

  it.each([
    ['free', 5],
    ['pro', 20],
    ['business', 100],
  ] as const)('allows the %s plan %d jobs at once; a place is free when one ends', (plan, limit) => {
    const { create, call, time } = begin({ plan });
    const ids = Array.from({ length: limit }, () => create().body.jobSpecId);
    const refused = create();
    expect(refused.status).toBe(429);
    expect(refused.body.error).toBe('too_many_concurrent_jobs');
    expect(Number(refused.headers['x-ratelimit-remaining'])).toBeGreaterThan(0);
    call('POST', `/jobs/goal/${ids[0]}/confirm`, { itemVersion: 1 });
    time.now += 60_000;
    expect(create().status).toBe(429);
    const path = `/jobs/goal/${ids[0]}`;
    const slots = [{ slotId: 'confirmed_titles', value: 'x' }];
    call('PATCH', `${path}/slots`, { itemVersion: 2, slots });
    call('POST', `${path}/confirm`, { itemVersion: 3 });
    time.now += 60_000;
    expect(create().status).toBe(201);
  });

  it('counts jobs from their confirm, by option', () => {
    const { create, call } = begin({ plan: 'free', concurrentFrom: 'confirmed' });
    const ids = Array.from({ length: 6 }, () => create().body.jobSpecId);
    const confirms = ids.map((id) => call('POST', `/jobs/goal/${id}/confirm`, { itemVersion: 1 }).status);
    expect(confirms).toEqual([202, 202, 202, 202, 202, 429]);
  });

  it('keeps the keys apart', () => {
    const apiKeys = ['first', { key: 'second', plan: 'business', label: 'big' }] as const;
    const { model, create, time } = begin({ plan: { ...PLANS.free, createsPerDay: 1 }, apiKeys });
    create();
    expect(create().status).toBe(429);
    const fileIds = [
      model.registerUpload({ name: 'a.txt', bytes: Buffer.from('x'), apiKey: 'second' }, time.now),
    ];
    const other = callModel(model, () => time.now, 'second');
    expect(other('POST', '/jobs/goal', { workflowId: 'goal_lane.resume_tailor', fileIds }).status).toBe(201);
    expect(model.log.at(-1)?.key).toBe('big');
  });

  it('refuses status reads sooner than 2 s after the last, by option, and notes them in any case', () => {
    for (const enforceStatusInterval of [false, true]) {
      const { create, call, time, model } = begin({ enforceStatusInterval });
      const path = `/jobs/goal/${create().body.jobSpecId}/status`;
      const read = (after: number) => {
        time.now += after;
        return [call('GET', path).status, model.log.at(-1)?.tooSoon, model.log.at(-1)?.sinceStatusMs];
      };
      expect(read(0)).toEqual([200, false, undefined]);
      expect(read(1_999)).toEqual([enforceStatusInterval ? 429 : 200, true, 1_999]);
      expect(read(2_000)).toEqual([200, false, 2_000]);
    }
  });
});

describe('what the log says of limits', () => {
  it('distinguishes a request that could know the limit from one that could not', () => {
    const { create, model, time } = begin({ plan: { ...PLANS.free, createsPerDay: 1 } });
    create();
    expect(model.log.at(-1)?.rate).toMatchObject({ shut: false, knownShut: false, remaining: 0 });
    create();
    expect(model.log.at(-1)?.rate).toMatchObject({ shut: true, knownShut: true });
    time.now += 86_400_000;
    create();
    expect(model.log.at(-1)?.rate).toMatchObject({ shut: false, knownShut: false });
  });
});
