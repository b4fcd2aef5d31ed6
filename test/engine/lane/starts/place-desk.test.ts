import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeskEvent } from '../../../../src/engine/lane/starts/desk-events.js';
import { deskFrom, keptDesk } from '../../../../src/engine/lane/starts/kept-desk.js';
import {
  type DeskAnswer,
  type DeskState,
  isOnServer,
  isPlaceHeld,
  openDesk,
  placeDesk,
  placesOf,
  waitingTurns,
} from '../../../../src/engine/lane/starts/place-desk.js';
import { itemsOf } from '../../../../src/engine/lane/starts/sorted-tree.js';
import type { EndpointBudget } from '../../../../src/services/limits/rate-budget.js';

const RUNS = Number(process.env.GOAL_LANE_RUNS ?? 2_000);

const copied = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
/** As a durable engine keeps it. */
const stored = (state: DeskState): DeskState => deskFrom(JSON.parse(JSON.stringify(keptDesk(state))));

/** Answers one request after another; each state comes from the store. */
function deskOf(options: Parameters<typeof openDesk>[0], creations?: EndpointBudget) {
  let state = openDesk(options);
  return {
    state: () => state,
    ask(event: DeskEvent, now = 0): DeskAnswer {
      const answer = placeDesk(stored(state), { ...event, now, creations });
      state = answer.state;
      return answer;
    },
  };
}

const turnOf = (
  jobId: string,
  order: number,
  priority = 0,
  call = `turn of ${jobId}`,
): Extract<DeskEvent, { readonly type: 'turn' }> => ({ type: 'turn', call, jobId, priority, order });
const turnWithCreate = (jobId: string, order: number): DeskEvent => ({
  ...turnOf(jobId, order),
  withCreate: true,
});
const startedBy = ({ grants }: DeskAnswer): string[] =>
  grants.filter(({ may }) => may === 'start').map(({ jobId }) => jobId);

describe('the desk', () => {
  it('grants places in the order of priority, then of place, then of coming', () => {
    const desk = deskOf({ hint: 1 });
    desk.ask(turnOf('holder', 0));
    for (const event of [
      turnOf('c', 7),
      turnOf('a', 7),
      turnOf('late', 9),
      turnOf('urgent', 9, 1),
      turnOf('idle', 0, -1),
    ])
      expect(startedBy(desk.ask(event))).toEqual([]);
    const order = ['holder', 'urgent', 'c', 'a', 'late', 'idle'];
    const started = order.slice(0, -1).map((jobId) => startedBy(desk.ask({ type: 'released', jobId })));
    expect(started.flat()).toEqual(order.slice(1));
  });

  it('lets only the call leave that wants to, where a job waits twice', () => {
    const desk = deskOf({ hint: 1 });
    desk.ask(turnOf('holder', 0));
    desk.ask(turnOf('a', 1, 0, 'first'));
    desk.ask(turnOf('a', 1, 0, 'second'));
    desk.ask({ type: 'leave', call: 'first' });
    expect(desk.ask({ type: 'released', jobId: 'holder' }).grants).toEqual([
      { call: 'second', jobId: 'a', may: 'start' },
    ]);
  });

  it('grants no create that is no longer requested', () => {
    const desk = deskOf({ hint: 1 });
    const create = (jobId: string): DeskEvent => ({ type: 'create', call: `create of ${jobId}`, jobId });
    for (const jobId of ['first', 'gone', 'last']) desk.ask(create(jobId));
    desk.ask({ type: 'createEnded', call: 'create of gone' });
    expect(desk.ask({ type: 'createEnded', call: 'create of first' }).grants).toEqual([
      { call: 'create of last', jobId: 'last', may: 'create' },
    ]);
  });

  it('withdraws a create that waits behind others, and no other one', () => {
    const desk = deskOf({ hint: 1 });
    const create = (jobId: string): DeskEvent => ({ type: 'create', call: `create of ${jobId}`, jobId });
    for (const jobId of ['first', 'second', 'gone']) desk.ask(create(jobId));
    desk.ask({ type: 'createEnded', call: 'create of gone' });
    desk.ask({ type: 'createEnded', call: 'create of none' });
    const next = desk.ask({ type: 'createEnded', call: 'create of first' });
    expect(next.grants.map(({ jobId }) => jobId)).toEqual(['second']);
    expect(desk.ask({ type: 'createEnded', call: 'create of second' }).grants).toEqual([]);
  });

  it('grants the create with the place to who wants both, as few at once as without', () => {
    const desk = deskOf({ hint: 20 });
    const grantsOf = ({ grants }: DeskAnswer) =>
      grants.map(({ jobId, withCreate = false }) => [jobId, withCreate]);
    expect(grantsOf(desk.ask(turnWithCreate('a', 1)))).toEqual([['a', true]]);
    expect(grantsOf(desk.ask(turnWithCreate('b', 2)))).toEqual([['b', true]]);
    // Two are being sent: the third waits for its place too, and those behind it wait for it.
    expect(grantsOf(desk.ask(turnWithCreate('c', 3)))).toEqual([]);
    expect(grantsOf(desk.ask(turnOf('d', 4)))).toEqual([]);
    expect(grantsOf(desk.ask({ type: 'createEnded', call: 'turn of a' }))).toEqual([
      ['c', true],
      ['d', false],
    ]);
    // The host may want fewer at once.
    desk.ask({ type: 'createEnded', call: 'turn of b' });
    const one = placeDesk(desk.state(), { ...turnWithCreate('e', 5), now: 0, createsAtOnce: 1 });
    expect(grantsOf(one)).toEqual([]);
  });

  it('lets all confirms pass until one is refused for the number of jobs', () => {
    const desk = deskOf({ hint: 5 });
    const confirm = (call: string): DeskEvent => ({ type: 'confirm', call, jobId: call });
    expect(desk.ask(confirm('a')).grants).toEqual([{ call: 'a', jobId: 'a', may: 'confirm' }]);
    desk.ask({ type: 'confirmRefused' });
    expect(desk.ask(confirm('b'), 29_999)).toMatchObject({
      grants: [],
      refusals: [{ call: 'b', jobId: 'b', failure: { limit: 'concurrency', delivery: 'not-sent' } }],
    });
    // A job that had no place here gives none back.
    desk.ask({ type: 'released', jobId: 'stranger' });
    expect(desk.ask(confirm('c'), 29_999).grants).toEqual([]);
    expect(desk.ask(confirm('d'), 30_000).grants).toHaveLength(1);
    desk.ask({ type: 'confirmed' }, 30_000);
    expect(desk.ask(confirm('e'), 30_000).grants).toHaveLength(1);
  });

  it('knows which jobs the server has', () => {
    const desk = deskOf({ hint: 5 });
    desk.ask(turnOf('a', 1));
    expect([isPlaceHeld(desk.state(), 'a'), isOnServer(desk.state(), 'a')]).toEqual([true, false]);
    desk.ask({ type: 'arrived', jobId: 'a' });
    expect(isOnServer(desk.state(), 'a')).toBe(true);
    // A create that is asked for again is not known to have arrived.
    desk.ask({ type: 'create', call: 'again', jobId: 'a' });
    expect(isOnServer(desk.state(), 'a')).toBe(false);
    desk.ask({ type: 'released', jobId: 'a' });
    expect([isPlaceHeld(desk.state(), 'a'), isOnServer(desk.state(), 'a')]).toEqual([false, false]);
  });

  it('wants to be asked again at the first of the times that may let a job start', () => {
    const creations = { remaining: 1, resetAt: 600_000 };
    const desk = deskOf({ hint: 1 }, creations);
    desk.ask({ type: 'create', call: 'create of a', jobId: 'a' });
    desk.ask(turnOf('b', 1));
    expect(desk.ask({ type: 'tick' }).alarmAt).toBe(601_000);
    expect(desk.ask({ type: 'createRefused' }).alarmAt).toBe(30_000);
    expect(desk.ask({ type: 'tick' }, 30_000).alarmAt).toBe(601_000);
    expect(desk.ask({ type: 'leave', call: 'turn of b' }, 30_000).alarmAt).toBeNull();
  });

  it('answers a call once, however often it is requested', () => {
    const desk = deskOf({ hint: 1 });
    desk.ask(turnOf('holder', 0));
    desk.ask(turnOf('a', 1));
    desk.ask(turnOf('a', 1));
    expect(waitingTurns(desk.state())).toBe(1);
  });

  it('wants to be asked again when the creations that are promised to others reset', () => {
    const desk = deskOf({ hint: 5 }, { remaining: 1, resetAt: 60_000 });
    expect(startedBy(desk.ask(turnOf('a', 1)))).toEqual(['a']);
    expect(desk.ask(turnOf('b', 2)).alarmAt).toBe(61_000);
    const later = desk.ask({ type: 'tick' }, 61_000);
    expect(startedBy(later)).toEqual(['b']);
    expect(later.alarmAt).toBeNull();
  });

  it('reports to all waiting jobs until when the creations of the day are used up', () => {
    let state: DeskState = openDesk({ hint: 1 });
    for (const event of [turnOf('holder', 0), turnOf('a', 1), turnOf('b', 2)])
      state = placeDesk(state, { ...event, now: 0 }).state;
    const creations = { remaining: 0, resetAt: 60_000 };
    const answer = placeDesk(state, { type: 'tick', now: 10, wallOffset: 3_600_000, creations });
    expect(answer.refusals.map(({ jobId }) => jobId)).toEqual(['a', 'b']);
    expect(answer.refusals[0]?.failure).toMatchObject({ limit: 'quota', retryAt: 61_000 });
    // People read the time of their wall clock.
    expect(answer.refusals[0]?.failure.message).toContain('1970-01-01T01:01:01.000Z');
    expect(answer).toMatchObject({ state: { queue: null, turns: null }, alarmAt: null });
  });

  it('never changes a state that it was given', () => {
    const desk = deskOf({ hint: 2 });
    for (const jobId of ['a', 'b', 'c', 'd']) desk.ask(turnOf(jobId, 1));
    const before = desk.state();
    const copy = copied(before);
    placeDesk(before, { type: 'released', jobId: 'a', now: 1 });
    expect(before).toEqual(copy);
  });
});

describe('the stored form of a desk', () => {
  it('has each name once, and what the calls want', () => {
    let state = openDesk({ hint: 2 });
    const events: DeskEvent[] = [
      { type: 'arrived', jobId: 'a' },
      turnOf('b', 1),
      turnWithCreate('c', 2),
      turnOf('d', 3),
    ];
    for (const event of events) state = placeDesk(state, { ...event, now: 0 }).state;
    expect(keptDesk(state)).toEqual({
      capacity: { limit: 2, ceiling: 2, askAgainAt: null, refusals: 0 },
      onServer: ['a'],
      elsewhere: ['b'],
      onTheirWay: ['b'],
      sending: [],
      turns: [
        ['turn of c', 'c', 0, 2, 1, 1],
        ['turn of d', 'd', 0, 3, 2],
      ],
      creates: [],
      gate: null,
      arrivals: 3,
    });
    const { grants } = placeDesk(stored(state), { type: 'released', jobId: 'b', now: 0 });
    expect(grants).toEqual([{ call: 'turn of c', jobId: 'c', may: 'start', withCreate: true }]);
  });

  it('finds each turn again by its call, whatever their order', () => {
    const desk = deskOf({ hint: 1 });
    desk.ask(turnOf('holder', 0));
    const calls = ['e', 'b', 'd', 'a', 'c', 'f'];
    for (const [order, call] of calls.entries()) desk.ask(turnOf(call, order, 0, call));
    for (const call of calls) desk.ask({ type: 'leave', call });
    expect(waitingTurns(desk.state())).toBe(0);
  });
});

describe('a desk that an older release has stored', () => {
  it('keeps its turns in order', () => {
    const desk = deskOf({ hint: 1 });
    for (const [order, jobId] of ['first', 'second', 'third'].entries()) desk.ask(turnOf(jobId, order));
    const { turns: _, ...rest } = keptDesk(desk.state());
    const before = deskFrom(copied({ ...rest, queue: itemsOf(desk.state().queue) }));
    expect(keptDesk(before)).toEqual(keptDesk(desk.state()));
    expect(startedBy(placeDesk(before, { type: 'released', jobId: 'first', now: 0 }))).toEqual(['second']);
  });
});

const jobIds = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const events = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('turn' as const),
      jobId: jobIds,
      priority: fc.integer({ min: -1, max: 1 }),
      order: fc.nat(3),
      withCreate: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), nth: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('create' as const), jobId: jobIds }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('createEnded' as const), nth: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('arrived' as const, 'released' as const), jobId: jobIds }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('createRefused' as const, 'confirmed' as const, 'confirmRefused' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('confirm' as const), jobId: jobIds }) },
  { weight: 1, arbitrary: fc.constant({ type: 'tick' as const }) },
);
const known = fc.option(
  fc.record(
    { remaining: fc.nat(3), resetAt: fc.nat(4_000_000), shutUntil: fc.nat(4_000_000) },
    { requiredKeys: ['remaining', 'resetAt'] },
  ),
  { nil: undefined },
);
const steps = fc.array(
  fc.record({ event: events, passes: fc.constantFrom(0, 0, 1_000, 31_000, 400_000), creations: known }),
  { maxLength: 60 },
);
const plans = fc.record({
  hint: fc.option(fc.nat(30), { nil: undefined }),
  most: fc.option(fc.nat(6), { nil: undefined }),
});

type RandomEvent = typeof events extends fc.Arbitrary<infer Event> ? Event : never;

/** Calls get names, and those that end one name a call that was made. */
function named(event: RandomEvent, at: number, calls: string[]): DeskEvent {
  if (event.type === 'leave' || event.type === 'createEnded')
    return { type: event.type, call: calls[event.nth % Math.max(1, calls.length)] ?? '' };
  if (event.type !== 'turn' && event.type !== 'create' && event.type !== 'confirm') return event;
  const call = `call ${at}`;
  calls.push(call);
  return { ...event, call };
}

describe('whatever is asked of the desk', () => {
  it('it continues in the same way from its stored state, and grants each thing once, in order', () => {
    fc.assert(
      fc.property(plans, steps, (plan, all) => {
        let state = openDesk(plan);
        let now = 0;
        const calls: string[] = [];
        const answered = new Set<string>();
        for (const [at, { event, passes, creations }] of all.entries()) {
          now += passes;
          const request = { ...named(event, at, calls), now, creations };
          const before = state;
          const answer = placeDesk(copied(before), request);
          expect(answer).toEqual(placeDesk(before, request));
          expect(copied(answer.state)).toEqual(answer.state);
          // Lists make other trees of the same items.
          const kept = placeDesk(stored(before), request);
          expect({ ...kept, state: keptDesk(kept.state) }).toEqual({
            ...answer,
            state: keptDesk(answer.state),
          });
          state = answer.state;
          checkAnswer(before, answer, creations, now);
          for (const { call } of [...answer.grants, ...answer.refusals]) {
            expect(answered).not.toContain(call);
            answered.add(call);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

function checkAnswer(
  before: DeskState,
  answer: DeskAnswer,
  creations: EndpointBudget | undefined,
  now: number,
): void {
  const { state, grants, refusals, alarmAt } = answer;
  const starts = grants.filter(({ may }) => may === 'start');
  const { limit, taken } = placesOf(state);
  // One more may have a place while the server is asked for it, and never more by a start.
  if (starts.length > 0)
    expect(taken).toBeLessThanOrEqual(limit + (state.capacity.askAgainAt === null ? 0 : 1));
  const { remaining, resetAt } = creations ?? {};
  if (starts.length > 0 && remaining !== undefined && resetAt !== undefined && resetAt > now)
    expect(itemsOf(state.onTheirWay).length).toBeLessThanOrEqual(remaining);
  const waitedBefore = itemsOf(before.queue).map(({ call }) => call);
  const waits = itemsOf(state.queue).map(({ call }) => call);
  // Who started stood before all that wait still.
  const [first] = itemsOf(state.queue);
  for (const { call } of starts) {
    const was = itemsOf(before.queue).find((turn) => turn.call === call);
    if (was !== undefined && first !== undefined && waitedBefore.includes(first.call))
      expect(waitedBefore.indexOf(call)).toBeLessThan(waitedBefore.indexOf(first.call));
  }
  expect(
    itemsOf(state.turns)
      .map(({ call }) => call)
      .sort(),
  ).toEqual([...waits].sort());
  for (const { failure } of refusals) {
    expect(failure.delivery).toBe('not-sent');
    if (failure.limit === 'quota') expect(failure.retryAt).toBeGreaterThan(now);
  }
  if (alarmAt !== null) expect(alarmAt).toBeGreaterThan(now);
  expect(itemsOf(state.sending).length).toBeLessThanOrEqual(
    Math.max(1, itemsOf(before.sending).length, Math.floor(limit / 10)),
  );
}
