import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atDesk,
  decodeDesk,
  encodeDesk,
  type Hop,
  hoppedDesk,
  informedDesk,
  type KeyDesk,
  openKeyDesk,
} from '../../../src/adapters/restate/key/key-desk.js';
import type { DeskEvent } from '../../../src/engine/lane/starts/desk-events.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a clock says of the rest of a shut limit may be wrong by no more. */
const HOP_MS = 5 * 60_000;
const LIMIT = 3;

/** A server that counts creations by the day, and the engine's own time; what workers say of the time comes with each request. */
function siteAt(start: number, asks: 'create' | 'place and create') {
  let time = start;
  let desk: KeyDesk = openKeyDesk({ hint: 1_000 });
  let due: { readonly at: number; readonly hop: Hop }[] = [];
  const server = { used: 0, resetAt: 0, early: 0 };
  let calls = 0;

  const store = (next: KeyDesk): void => {
    desk = decodeDesk(JSON.parse(JSON.stringify(encodeDesk(next))));
  };
  const measure = (hop: Hop | undefined): void => {
    if (hop !== undefined) due.push({ at: time + hop.ms, hop });
  };

  /** The server takes it, or refuses it; the desk hears what it says. */
  function create(call: string, jobId: string, now: number): void {
    if (time >= server.resetAt) Object.assign(server, { used: 0, resetAt: time + DAY_MS });
    if (server.used >= LIMIT) server.early += 1;
    server.used = Math.min(server.used + 1, LIMIT);
    const remaining = LIMIT - server.used;
    const resetInMs = server.resetAt - time;
    const creations = { limit: LIMIT, remaining, resetInMs, shutForMs: remaining === 0 ? resetInMs : 0 };
    const known = informedDesk(desk, { creations, isCreateKnown: true }, now);
    measure(known.hop);
    const events = [
      { type: 'createEnded', call },
      { type: 'arrived', jobId },
      { type: 'released', jobId },
    ] as const;
    store(atDesk(known.desk, events, now).state);
  }

  return {
    server,
    /** The engine's time passes; its messages come when they are due, to a worker whose clock is wrong by so much. */
    pass(ms: number, wrongBy: number): void {
      const until = time + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        time = next.at;
        const hopped = hoppedDesk(desk, next.hop.round);
        if (hopped === undefined) continue;
        measure(hopped.hop);
        store(atDesk(hopped.desk, [{ type: 'tick' }], time + wrongBy).state);
      }
      time = until;
    },
    /** A job wants to be created, by a worker whose clock is wrong by so much; returns how long it has to wait, or that it was created. */
    ask(wrongBy: number): number | 'created' {
      const now = time + wrongBy;
      calls += 1;
      const [call, jobId] = [`call ${calls}`, `job ${calls}`];
      const event: DeskEvent =
        asks === 'create'
          ? { type: 'create', call, jobId }
          : { type: 'turn', call, jobId, priority: 0, order: calls, withCreate: true };
      const { state, grants, refusals } = atDesk(desk, [event], now);
      store(state);
      if (grants.some(({ may, withCreate }) => may === 'create' || withCreate)) {
        create(call, jobId, now);
        return 'created';
      }
      const [refusal] = refusals;
      return (refusal?.failure.retryAt ?? Number.POSITIVE_INFINITY) - now;
    },
    leftMs: () => server.resetAt - time,
  };
}

const steps = fc.array(
  fc.record({
    passMs: fc.oneof(fc.nat(60_000), fc.nat(8 * HOUR_MS)),
    /** A step of an hour and more, a machine a minute ahead, or behind. */
    wrongBy: fc.constantFrom(0, 0, 60_000, -60_000, HOUR_MS, -HOUR_MS, 26 * HOUR_MS, -26 * HOUR_MS),
  }),
  { minLength: 4, maxLength: 40 },
);

describe('the creations of the day, seen by workers whose clocks are wrong and are set', () => {
  const ways = ['create', 'place and create'] as const;
  it.each(ways)('are never used before the reset, and are used soon after it (%s)', (way) => {
    fc.assert(
      fc.property(steps, (all) => {
        const site = siteAt(1_750_000_000_000, way);
        for (const { passMs, wrongBy } of all) {
          site.pass(passMs, wrongBy);
          const isShut = site.server.used >= LIMIT && site.leftMs() > 0;
          const answer = site.ask(wrongBy);
          if (!isShut) expect(answer).toBe('created');
          else {
            expect(answer).toBeGreaterThan(0);
            expect(answer).toBeLessThanOrEqual(site.leftMs() + HOP_MS);
          }
        }
        expect(site.server.early).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
