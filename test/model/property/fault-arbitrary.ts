import fc from 'fast-check';
import type { EmulatedEndpoint, Fault, FaultRule } from '../../../src/adapters/emulator/index.js';
import { HOSTILE_FAULTS } from './hostile-faults.js';
import { makeFault, maybe, resetMs, retryAfter } from './make-fault.js';

const ENDPOINTS = [
  'catalog',
  'upload',
  'create',
  'job',
  'slots',
  'confirm',
  'status',
  'download',
  'storage',
] as const;

const when = fc.constantFrom('before' as const, 'after' as const);
/** From the blink of an eye to longer than any time-out. */
const pauseMs = fc.constantFrom(1, 400, 1_999, 7_000, 29_000, 45_000);
const transport = [
  makeFault('connection-refused'),
  makeFault('reset', { when }),
  makeFault('hung', { when }),
  makeFault('slow-reply', { delayMs: pauseMs }),
  makeFault('cut-body', {
    afterBytes: maybe(fc.constantFrom(0, 1, 40)),
    ending: fc.constantFrom('reset', 'hang'),
  }),
];
const replies = [
  makeFault('http-error', {
    status: fc.constantFrom(500, 502, 503, 504),
    body: fc.constantFrom('html', 'json', 'text', 'empty'),
    acted: fc.boolean(),
    retryAfter: maybe(retryAfter),
  }),
  makeFault('http-error', { status: fc.constantFrom(401, 403, 404, 405, 408, 408, 409, 410, 418, 422) }),
  makeFault('rate-limited', { resetInMs: maybe(resetMs), retryAfter: maybe(retryAfter) }),
  makeFault('too-many-jobs', { resetInMs: maybe(resetMs) }),
  makeFault('garbled-body', { body: fc.constantFrom('empty', 'html', 'cut-json', 'text') }),
  makeFault('redirect', {
    to: fc.constantFrom(
      'https://elsewhere.test/login',
      'http://api.convilyn.com/api/v1/workflows/catalog',
      'https://api.convilyn.com/api/v1/elsewhere',
      'https://s3.amazonaws.com/convilyn-results/x',
      '/relative',
    ),
    status: fc.constantFrom(301, 302, 303, 307, 308),
  }),
  makeFault('range-ignored'),
];
const headers = [
  makeFault('reset-format', {
    format: fc.constantFrom('epoch-s', 'epoch-ms', 'delta-s', 'http-date', 'iso'),
  }),
  makeFault('clock-skew', { byMs: fc.constantFrom(-600_000, -90_000, 90_000, 600_000) }),
  makeFault('hostile-headers', {
    values: fc.constantFrom('negative', 'nan', 'years-ahead', 'long-past', 'empty', 'overflow'),
  }),
  makeFault('missing-rate-headers'),
];
const jobs = [
  makeFault('version-conflict'),
  makeFault('second-actor', { does: fc.constantFrom('answers-and-confirms', 'confirms', 'sets-slots') }),
  makeFault('file-expired'),
  makeFault('lingering', { phase: fc.constantFrom('pending', 'confirming'), forMs: pauseMs }),
  makeFault('stuck', { at: maybe(fc.constantFrom(0, 0.5, 0.99)) }),
  makeFault('stalled-progress', { forMs: pauseMs }),
  makeFault('job-fails', { error: fc.constantFrom('out of tokens', '') }),
  makeFault('job-lost'),
  makeFault('repeated-checkpoint', { times: fc.integer({ min: 1, max: 3 }) }),
  makeFault('retention-ended'),
  makeFault('changed-result'),
];
const bodies = [
  makeFault('stale-status', { back: fc.integer({ min: 1, max: 3 }) }),
  makeFault('unknown-status', { word: fc.constantFrom('queued', 'paused', 'PENDING', '') }),
  makeFault('backwards-progress', { byPercent: fc.integer({ min: 1, max: 100 }) }),
  makeFault('missing-fields', {
    fields: maybe(fc.constantFrom(['checkpoint'], ['itemVersion'], ['status'], ['slots'])),
  }),
  makeFault('extra-fields'),
  makeFault('switched-spelling'),
  makeFault('empty-body'),
  makeFault('hostile-filename', {
    filename: fc.constantFrom('../../etc/passwd', '', 'CON', 'a'.repeat(400)),
  }),
  makeFault('expired-url'),
  fc
    .constantFrom(null, [], {}, 'text', 0)
    .map((body): Fault => ({ kind: 'changed-body', change: () => body })),
];

const fault = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...transport) },
  { weight: 3, arbitrary: fc.oneof(...replies) },
  { weight: 2, arbitrary: fc.oneof(...headers) },
  { weight: 4, arbitrary: fc.oneof(...jobs) },
  { weight: 4, arbitrary: fc.oneof(...bodies) },
  { weight: 6, arbitrary: fc.oneof(...HOSTILE_FAULTS) },
);

const on = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<EmulatedEndpoint>(...ENDPOINTS) },
  { weight: 1, arbitrary: fc.subarray<EmulatedEndpoint>([...ENDPOINTS], { minLength: 1 }) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

/** A replica that lags behind, or replies with part of the fields, for some time. */
const lagging: fc.Arbitrary<FaultRule> = fc.record({
  on: fc.constantFrom<readonly EmulatedEndpoint[]>(['status'], ['job'], ['status', 'job']),
  fault: fc.oneof(
    makeFault('stale-status', { back: fc.integer({ min: 1, max: 3 }) }),
    makeFault('missing-fields', { fields: fc.constantFrom(['checkpoint'], ['itemVersion']) }),
  ),
  times: fc.integer({ min: 4, max: 20 }),
});

/** When a rule strikes: at this or that request, for a while from some request on, or now and then. */
const timing = fc.oneof(
  fc.record({ nth: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ nth: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }) }),
  fc.record({ times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ probability: fc.constantFrom(0.1, 0.3, 0.6), times: fc.integer({ min: 2, max: 12 }) }),
);

/** Only what starts a job can be refused because too many run; its reset is a day away. */
const STARTS: readonly EmulatedEndpoint[] = ['create', 'confirm'];
const placeOf = (faults: readonly Fault[], where: FaultRule['on']): FaultRule['on'] =>
  faults.some(({ kind }) => kind === 'too-many-jobs') ? STARTS : where;

/** One thing that goes wrong, or two together, with some of the requests. */
const rule: fc.Arbitrary<FaultRule> = fc
  .record({ fault: fc.array(fault, { minLength: 1, maxLength: 2 }), on, timing })
  .map(({ on: where, timing: time, fault: faults }) => {
    const place = placeOf(faults, where);
    return { fault: faults, ...time, ...(place === undefined ? {} : { on: place }) };
  });

/** A server or a network that is broken for good. */
const outage: fc.Arbitrary<FaultRule> = fc.record({
  fault: fc.oneof(...transport, makeFault('http-error', { status: fc.constantFrom(500, 503, 408) })),
  on: fc.constantFrom<EmulatedEndpoint>(...ENDPOINTS),
});

export const faultSchedule: fc.Arbitrary<readonly FaultRule[]> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: rule }, { weight: 1, arbitrary: lagging }), {
      maxLength: 6,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(outage, fc.array(rule, { maxLength: 2 })).map(([first, more]) => [first, ...more]),
  },
);
