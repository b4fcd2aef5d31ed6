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

/** Refusals that do not concern this job, and statuses that the reference does not know. */
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

/** Of these the API itself says in its error shape that it did nothing. */
const SAID_NOT_DONE: readonly ErrorBody[] = ['json', 'odd-json', 'lone-surrogates', 'out-of-range'];
const MEANS_NOT_DONE = new Set([400, 402, 404, 405, 409, 413, 423, 425, 431, 451]);
/** Under these the emulator's `json` has an error code of its own; under any other it says `internal_error`, which means nothing of the kind. */
const NAMED = new Set([400, 404, 409, 413, 423]);

/** An API that does what it says in so many words that it did not do lies: no client can see through that. */
function honest(fault: Fault): Fault {
  if (fault.kind !== 'http-error' || fault.acted !== true || !MEANS_NOT_DONE.has(fault.status)) return fault;
  const isSaid = SAID_NOT_DONE.some((body) => body === fault.body);
  return isSaid && (fault.body !== 'json' || NAMED.has(fault.status)) ? { ...fault, acted: false } : fault;
}

const lagMs = maybe(fc.constantFrom(1_000, 5_000, 20_000));
const stray = {
  status: fc.constantFrom(...STRAY),
  body: fc.constantFrom(...BODIES),
  acted: fc.boolean(),
};

/** Speakers, lags and bodies that real clients have met, as far as a model in this process can say them (an `early-reply` is for HTTP alone). */
export const HOSTILE_FAULTS: readonly fc.Arbitrary<Fault>[] = [
  makeFault('replica-lag', { lagMs }),
  makeFault('stale-version', { back: fc.integer({ min: 1, max: 3 }) }),
  makeFault('http-error', stray).map(honest),
  makeFault('http-error', {
    ...stray,
    retryAfter: fc.record({ form: fc.constantFrom(...FORMS), inMs: resetMs }),
  }).map(honest),
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
