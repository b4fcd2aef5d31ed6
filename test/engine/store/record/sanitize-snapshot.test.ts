import { describe, expect, it } from 'vitest';
import { sanitizeSnapshot } from '../../../../src/engine/store/record/sanitize-snapshot.js';

const SIGNED =
  'https://s3.amazonaws.com/convilyn-results/job_789/output.zip?X-Amz-Signature=PLANTED&X-Amz-Date=1';
const PLAIN = 'https://s3.amazonaws.com/…/output.zip';
const IN_TEXT = 'https://s3.amazonaws.com/convilyn-results/job_789/output.zip?[redacted]';
const KEY = 'ck_live_0123456789"\\abcdef';

describe('sanitizeSnapshot', () => {
  it('leaves no pre-signed URL usable, wherever it stands', () => {
    const snapshot = {
      status: 'active',
      value: { completed: 'downloading' },
      context: { download: { url: SIGNED, expiresAt: 5, filename: 'output.zip' } },
      output: { download: { url: 'https://plain.example/no-query' } },
      children: { saveResult: { snapshot: { input: { jobSpecId: 'job_789', download: { url: SIGNED } } } } },
      last: [SIGNED, { failure: { message: `GET ${SIGNED} said 403; see https://docs.example/x.` } }],
      other: 'HTTPS://user:PLANTED@host.example/a',
    };
    const clean = sanitizeSnapshot(snapshot);
    expect(JSON.stringify(clean)).not.toContain('PLANTED');
    expect(clean).toEqual({
      ...snapshot,
      context: { download: { url: '', expiresAt: 5, filename: 'output.zip' } },
      output: { download: { url: '' } },
      children: { saveResult: { snapshot: { input: { jobSpecId: 'job_789', download: { url: '' } } } } },
      last: [PLAIN, { failure: { message: `GET ${IN_TEXT} said 403; see https://docs.example/x.` } }],
      other: 'https://host.example/…',
    });
    expect(snapshot.context.download.url).toBe(SIGNED);
  });

  it('keeps what a person typed, for it is still to be sent', () => {
    const advert = 'https://jobs.example/ad?id=5';
    const typed = {
      input: { slots: { advert }, answers: { adverts: [advert, advert] } },
      context: { values: { advert }, conflict: { slotId: 'advert', ours: advert, theirs: advert } },
      children: { fillSlots: { input: { slots: [{ slotId: 'advert', value: advert }] } } },
    };
    expect(sanitizeSnapshot(typed)).toEqual(typed);
  });

  it('is what JSON makes of it', () => {
    const odd = {
      gone: undefined,
      call: () => 1,
      list: [undefined, Number.NaN],
      at: new Date(0),
      none: null,
      error: new Error('x'),
    };
    expect(sanitizeSnapshot(odd)).toEqual(JSON.parse(JSON.stringify(odd)));
    expect(sanitizeSnapshot(undefined)).toBeNull();
    const hostile = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(JSON.stringify(sanitizeSnapshot(hostile))).toBe('{"__proto__":{"polluted":true}}');
  });

  it('never changes what it was given, and copies only what it has to', () => {
    const kept = { files: [{ name: 'a.txt' }], none: null };
    const given = { kept, list: [1, 'https://s3.test/a.zip?X-Amz-Signature=abc'], gone: undefined };
    const before = structuredClone(given);
    const clean = sanitizeSnapshot(given);
    expect(given).toEqual(before);
    expect(clean).toStrictEqual({ kept, list: [1, expect.not.stringContaining('abc')] });
    expect(Reflect.get(Object(clean), 'kept')).toBe(kept);
  });

  it.each([
    ['as a value', { context: { note: KEY } }],
    ['within a text', { context: { note: `Bearer ${KEY}.` } }],
    ['as a name', { [KEY]: 1 }],
    ['in a URL', { context: { note: `https://api.example/${encodeURIComponent(KEY)}` } }],
    ['in a typed value', { input: { slots: { tone: KEY } } }],
  ])('takes the API key out where it occurs %s', (_, planted) => {
    const clean = JSON.stringify(sanitizeSnapshot(planted, { apiKey: KEY }));
    expect(clean).toContain('[redacted]');
    expect(clean).not.toContain('0123456789');
    expect(sanitizeSnapshot(planted, { apiKey: 'another_key' })).toEqual(planted);
  });

  it('does not look for a key that any text holds', () => {
    expect(sanitizeSnapshot('a test', { apiKey: 'test' })).toBe('a test');
    expect(sanitizeSnapshot('a test', { apiKey: '' })).toBe('a test');
  });
});
