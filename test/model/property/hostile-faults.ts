import fc from 'fast-check';
import type { ErrorBody, Fault, OtherSpeaker, RetryAfter } from '../../../src/adapters/emulator/index.js';
import { makeFault, maybe, resetMs } from './make-fault.js';

const SPEAKERS: readonly OtherSpeaker[] = [
  'cdn-challenge',
  'waf',
  'proxy-login',
  'proxy-refusal',
  'proxy-trouble',
  'portal-redirect',
  'portal-page',
  'portal-511',
  'gateway-login',
];

/** 50,000 fields and 20,000 levels are for tests of their own: a run with them takes a second. */
const BODIES: readonly ErrorBody[] = [
  'html',
  'json',
  'xml',
  'text',
  'empty',
  'odd-json',
  'lone-surrogates',
  'out-of-range',
  'null',
  'list',
];

/** Refusals that nobody meant for this job, and statuses that the reference does not know. */
const STRAY = [302, 304, 400, 402, 404, 405, 407, 409, 413, 418, 423, 425, 431, 451, 499, 501, 508, 599];

const FORMS: readonly RetryAfter['form'][] = [
  'seconds',
  'date',
  'rfc850',
  'asctime',
  'fraction',
  'iso',
  'negative',
  'overflow',
  'words',
  'empty',
];

const lagMs = maybe(fc.constantFrom(1_000, 5_000, 20_000));
const stray = {
  status: fc.constantFrom(...STRAY),
  body: fc.constantFrom(...BODIES),
  acted: fc.boolean(),
};

/**
 * What letters A to D of the hostile runs were made of, as far as a model in this process can say it (an `early-reply` is for HTTP alone).
 * `fault-arbitrary.ts` draws them where GOAL_LANE_HOSTILE is set; to have them always, take that condition out of it: every seed then takes
 * another course, so that counterexamples of before must be kept as tests of their own.
 */
export const HOSTILE_FAULTS: readonly fc.Arbitrary<Fault>[] = [
  makeFault('replica-lag', { lagMs }),
  makeFault('stale-version', { back: fc.integer({ min: 1, max: 3 }) }),
  makeFault('http-error', stray),
  makeFault('http-error', {
    ...stray,
    retryAfter: fc.record({ form: fc.constantFrom(...FORMS), inMs: resetMs }),
  }),
  makeFault('other-speaker', { who: fc.constantFrom(...SPEAKERS), acted: fc.boolean() }),
  makeFault('url-not-yet-valid', { lagMs }),
  makeFault('wrong-result', {
    body: fc.constantFrom('login-page', 'storage-error', 'empty', 'api-error', 'half'),
  }),
  makeFault('content-encoding', {
    encoding: fc.constantFrom('gzip', 'deflate', 'br', 'identity'),
    label: maybe(fc.constantFrom('gzip', 'zstd', 'br', 'GZIP', '')),
  }),
  makeFault('unsized-body', { framing: fc.constantFrom('close', 'chunked'), cut: fc.boolean() }),
];
