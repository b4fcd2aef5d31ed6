import { describe, expect, it } from 'vitest';
import { createLaneClient } from '../../../../bench/detection-delay/policies.js';
import { createRandom, type Random } from '../../../../bench/detection-delay/random.js';
import { createTimeline } from '../../../../bench/detection-delay/timeline.js';
import { parseRateHeaders } from '../../../../src/services/limits/rate-headers.js';

const LIMIT = 1_000;
const MINUTE_MS = 60_000;
/** The beginning of a window. */
const START = 1_750_000_020_000;
const WINDOWS = 6;
/** A timer fires this much late at most. */
const LATE_MS = 3;

type Format = (endsAt: number, now: number) => number;
const FORMATS = {
  'epoch seconds': (endsAt) => Math.floor(endsAt / 1_000),
  'epoch ms': (endsAt) => Math.floor(endsAt),
  'seconds from now, rounded down': (endsAt, now) => Math.floor((endsAt - now) / 1_000),
  'seconds from now, rounded up': (endsAt, now) => Math.ceil((endsAt - now) / 1_000),
} satisfies Record<string, Format>;

/** A limit of 1,000 reads in each minute of the server's clock, `phaseMs` after a whole minute. */
function createServer(format: Format, phaseMs: number) {
  const used: number[] = [];
  const seen = { refused: 0, tooSoon: 0 };
  const last = new Map<string, number>();
  return {
    used,
    seen,
    read(id: string, now: number) {
      const window = Math.floor((now - START - phaseMs) / MINUTE_MS) + 1;
      const taken = used[window] ?? 0;
      const allowed = taken < LIMIT;
      if (allowed) used[window] = taken + 1;
      else seen.refused += 1;
      if (now - (last.get(id) ?? 0) < 2_000) seen.tooSoon += 1;
      last.set(id, now);
      const remaining = String(LIMIT - (used[window] ?? 0));
      const reset = String(format(START + phaseMs + window * MINUTE_MS, now));
      return { allowed, headers: { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset } };
    },
  };
}

/** A lane whose jobs all wait, in virtual time; replies may overtake each other. Reads used in each whole window but the first. */
function paceOf(
  jobs: number,
  server: ReturnType<typeof createServer>,
  [from, to]: Trip,
  random: Random,
): number[] {
  const client = createLaneClient(random, {});
  const timeline = createTimeline<() => void>();
  const halfTrip = (): number => (from + (to - from) * random.next()) / 2;
  let now = START;
  let armed = 0;
  const ask = (): void => {
    const { send, wakeAt } = client.wake(now);
    for (const id of send) timeline.add(now + halfTrip(), () => arrive(id));
    armed += 1;
    const alarm = armed;
    timeline.add(Math.max(wakeAt, now) + LATE_MS * random.next(), () => alarm === armed && ask());
  };
  const arrive = (id: string): void => {
    const { allowed, headers } = server.read(id, now);
    timeline.add(now + halfTrip(), () => {
      const { remaining = Number.NaN, resetAt = Number.NaN } = parseRateHeaders(headers, now);
      const reading = { status: 'executing' };
      client.reply(
        id,
        { status: allowed ? 200 : 429, remaining, resetAt, ...(allowed ? { reading } : {}) },
        now,
      );
      ask();
    });
  };
  for (let job = 0; job < jobs; job += 1) client.begin({ id: `j${job}`, workflowId: 'w' }, START);
  ask();
  const end = START + (WINDOWS + 1) * MINUTE_MS;
  for (let next = timeline.next(); next !== undefined && next.at < end; next = timeline.next()) {
    now = next.at;
    next.event();
  }
  return server.used.slice(2, WINDOWS);
}

type Trip = readonly [fromMs: number, toMs: number];
const NEAR: Trip = [2, 6];
const FAR: Trip = [80, 160];

describe('the allowed pace of a fixed window, while all jobs wait', () => {
  it.each([
    [100, 'epoch seconds', NEAR, 0],
    [500, 'epoch seconds', NEAR, 0],
    [1_000, 'epoch seconds', NEAR, 0],
    [1_000, 'epoch seconds', FAR, 0],
    [1_000, 'epoch ms', FAR, 12_345],
    [1_000, 'seconds from now, rounded down', NEAR, 500],
    [1_000, 'seconds from now, rounded up', NEAR, 500],
  ] as const)(
    'is kept with %d jobs, a reset in %s and round trips of %j ms, %d ms past the minute',
    (...one) => {
      const [jobs, format, trip, phaseMs] = one;
      const server = createServer(FORMATS[format], phaseMs);
      const used = paceOf(jobs, server, trip, createRandom(jobs + phaseMs));
      expect(used).toHaveLength(4);
      expect(Math.min(...used)).toBeGreaterThanOrEqual(0.98 * LIMIT);
      expect(server.seen).toEqual({ refused: 0, tooSoon: 0 });
    },
  );
});
