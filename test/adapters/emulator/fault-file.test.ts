import { describe, expect, it } from 'vitest';
import {
  createEmulatorModel,
  type Fault,
  type FaultKind,
  parseFaultRules,
} from '../../../src/adapters/emulator/index.js';

/** One of each, so that a new kind must be added to the file as well. `changed-body` holds code. */
const ONE_OF_EACH: {
  readonly [Kind in Exclude<FaultKind, 'changed-body'>]: Omit<Extract<Fault, { kind: Kind }>, 'kind'>;
} = {
  'connection-refused': { forMs: 5 },
  reset: { when: 'after' },
  hung: { when: 'before' },
  'slow-reply': { delayMs: 5 },
  'cut-body': { afterBytes: 3, ending: 'hang' },
  'unsized-body': { framing: 'close', cut: true },
  'content-encoding': { encoding: 'br', label: 'gzip' },
  'early-reply': { afterBytes: 9 },
  'http-error': {
    status: 423,
    body: { type: 'text/plain', text: 'x' },
    headers: { 'x-y': 'z' },
    acted: true,
    retryAfter: { form: 'asctime', inMs: 3 },
  },
  'rate-limited': { resetInMs: 3, retryAfter: { form: 'date', inMs: 3 }, holds: false },
  'too-many-jobs': { resetInMs: 3 },
  'garbled-body': { body: 'cut-json' },
  redirect: { to: '/x', status: 307 },
  'other-speaker': { who: 'cdn-challenge', acted: true },
  'replica-lag': { lagMs: 3 },
  'range-ignored': {},
  'url-not-yet-valid': { lagMs: 3 },
  'wrong-result': { body: 'half' },
  'reset-format': { format: 'iso' },
  'clock-skew': { byMs: -3 },
  'hostile-headers': { values: 'nan' },
  'missing-rate-headers': {},
  headers: { set: { date: 'soon' } },
  'version-conflict': {},
  'second-actor': { does: 'confirms' },
  'file-expired': {},
  lingering: { phase: 'pending', forMs: 3 },
  stuck: { at: 0.5 },
  'stalled-progress': { forMs: 3 },
  'job-fails': { error: 'x' },
  'job-lost': {},
  'repeated-checkpoint': { times: 2 },
  'retention-ended': {},
  'changed-result': {},
  'stale-status': { back: 2 },
  'stale-version': { back: 2 },
  'unknown-status': { word: 'x' },
  'backwards-progress': { byPercent: 3 },
  'missing-fields': { fields: ['x'] },
  'extra-fields': {},
  'switched-spelling': {},
  'empty-body': {},
  'hostile-filename': { filename: '../x' },
  'expired-url': {},
};

/** Where the kinds are met that a read of a job never meets. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'early-reply': ['upload'],
  'range-ignored': ['storage'],
  'url-not-yet-valid': ['storage'],
  'wrong-result': ['storage'],
  'file-expired': ['create'],
  'hostile-filename': ['download'],
  'expired-url': ['download', 'storage'],
};

describe('rules as JSON', () => {
  it.each(Object.entries(ONE_OF_EACH))('hold %s', (kind, fields) => {
    const on = ELSEWHERE[kind] ?? ['status', 'job'];
    const rules = [{ fault: { kind, ...fields }, on, nth: [1, 3], times: 2, probability: 0.5 }];
    const parsed = parseFaultRules(JSON.stringify(rules));
    expect(parsed).toEqual(rules);
    const headers = { authorization: 'Bearer emulator-key' };
    const model = createEmulatorModel({ faults: parsed.map(({ fault }) => ({ fault })) });
    const request = { method: 'GET', path: '/api/v1/workflows/catalog', headers };
    expect(model.exchange('api', request, 0).fate).toMatch(/reply|reset|hung|refused/);
  });

  it.each([
    ['no JSON', '[', /is not JSON/],
    ['no list', '{}', /expected an array/],
    [
      'code',
      '[{"fault":{"kind":"changed-body","change":"x"}}]',
      /^fault rule 1: fault\.change: must be a function/,
    ],
    [
      'a mistake in the second rule',
      '[{"fault":{"kind":"job-lost"}},{"fault":7}]',
      /^fault rule 2: fault is 7; allowed: /,
    ],
    [
      'a kind that there is not',
      '[{"fault":{"kind":"gremlin"}}]',
      /^fault rule 1: fault\.kind is "gremlin"; allowed: .*job-lost/,
    ],
    [
      'a field too many',
      '[{"fault":{"kind":"job-lost","when":1}}]',
      /^fault rule 1: fault has no field "when"; allowed: kind$/,
    ],
    [
      'a status that is none',
      '[{"fault":{"kind":"http-error","status":99}}]',
      /^fault rule 1: fault\.status: .*200/,
    ],
    [
      'a rule with a word too many',
      '[{"fault":{"kind":"job-lost"},"nht":1}]',
      /^fault rule 1: there is no field "nht"; allowed: .*nth/,
    ],
    [
      'an endpoint that there is not',
      '[{"fault":{"kind":"job-lost"},"on":"cancel"}]',
      /^fault rule 1: on is "cancel"; allowed: .*confirm/,
    ],
  ])('are refused where there is %s, by rule and field', (_, text, said) => {
    expect(() => parseFaultRules(text)).toThrow(said);
    expect(() => parseFaultRules(text)).toThrow(TypeError);
  });
});
