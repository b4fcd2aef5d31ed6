import { describe, expect, it } from 'vitest';
import {
  isApisRefusal,
  isApisWord,
  isEmptyBody,
  isJsonBody,
} from '../../../src/services/speakers/api-signs.js';
import { isCdnJson, isGatewayJson } from '../../../src/services/speakers/foreign-json.js';
import { replySigns } from '../../../src/services/speakers/reply-signs.js';

type Headers = Readonly<Record<string, string>>;

const PAGE = '<html><body>x</body></html>';
const signs = (status: number, body: string, headers: Headers = {}) => replySigns(status, headers, body);
const isWord = (json: unknown) => isApisWord(replySigns(400, {}, '', { json }));

describe('the error shape of the API', () => {
  const WORDS = [
    'error',
    'message',
    'code',
    'detail',
    'msg',
    'title',
    'error_description',
    'errorMessage',
    'reason',
  ];

  it.each(WORDS)('is a text, a number or an object in `%s`', (word) => {
    const values = ['no', 7, 0, { code: 'no' }];
    expect(values.map((value) => isWord({ [word]: value }))).toEqual([true, true, true, true]);
  });

  it.each(['', '  ', true, null])('is not %j', (value) => {
    expect([isWord({ message: value }), isWord({ code: value })]).toEqual([false, false]);
  });

  it.each(['errors', 'detail', 'details', 'error'])('is a list in `%s`', (word) => {
    expect([isWord({ [word]: ['no'] }), isWord({ [word]: null }), isWord({ [word]: true })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is not a text in a field that holds a list', () => {
    expect([isWord({ errors: 'no' }), isWord({ details: 'no' }), isWord({ other: 'no' })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('is a list of errors, judged by the first three', () => {
    const error = { message: 'no' };
    expect(isWord([error])).toBe(true);
    expect(isWord([error, error, error, 'x'])).toBe(true);
    expect(isWord([error, error, 'x'])).toBe(false);
    expect(['x', {}].map((entry) => isWord([entry, error]))).toEqual([false, false]);
    expect(isWord([])).toBe(false);
    expect(isWord([[error]])).toBe(false);
  });

  it('is never inherited', () => {
    expect(isWord(Object.create({ message: 'no' }))).toBe(false);
    expect(isWord(Object.create({ errors: ['no'] }))).toBe(false);
  });

  it.each([null, 'no', 7, undefined])('is not in %j', (json) => {
    expect(isWord(json)).toBe(false);
  });
});

describe('JSON of a CDN', () => {
  const OF_A_CDN = [
    { cloudflare_error: true, message: 'no' },
    { ray_id: '8a', error_code: 1020, message: 'no' },
    { type: 'https://developers.cloudflare.com/support', title: 'no' },
    { url: 'https://geo.captcha-delivery.com/captcha', title: 'no' },
    { blockScript: '/x.js', appId: 'PX1', message: 'no' },
    { 'sec-cp-challenge': 'true', message: 'no' },
    { incidentId: '1', errorCode: '15', message: 'no' },
  ];
  const OF_THE_API = [
    { cloudflare_error: false, message: 'no' },
    { ray_id: '8a', message: 'no' },
    { error_code: 1020, message: 'no' },
    { type: 'about:blank', title: 'no' },
    { type: 7, title: 'no' },
    { url: 7, title: 'no' },
    { blockScript: '/x.js', message: 'no' },
    { appId: 'PX1', message: 'no' },
    { incidentId: '1', message: 'no' },
    { errorCode: '15', message: 'no' },
    Object.assign(Object.create({ type: 'developers.cloudflare.com' }), { message: 'no' }),
  ];

  it.each(OF_A_CDN)('is %j', (json) => {
    const one = replySigns(403, {}, '', { json });
    expect([isCdnJson(json), isJsonBody(one), isApisWord(one)]).toEqual([true, false, false]);
  });

  it.each(OF_THE_API)('is not %j', (json) => {
    const one = replySigns(403, {}, '', { json });
    expect([isCdnJson(json), isJsonBody(one), isApisWord(one)]).toEqual([false, true, true]);
  });
});

describe('a JSON body', () => {
  it.each([
    [{}, true],
    [[], true],
    [null, false],
    ['text', false],
    [7, false],
    [undefined, false],
  ])('%j: %s', (json, expected) => {
    expect(isJsonBody({ json })).toBe(expected);
    expect(isCdnJson(json)).toBe(false);
  });
});

describe('the limit headers of the API', () => {
  const names = ['limit', 'remaining', 'reset'].flatMap((name) => [
    `x-ratelimit-${name}`,
    `ratelimit-${name}`,
  ]);
  it.each(names)('are %s', (name) => {
    expect(isApisWord(signs(429, '', { date: 'today', [name]: '1' }))).toBe(true);
  });
  it.each(['x-ratelimit-limit-day', 'my-ratelimit-reset', 'x-ratelimit', 'retry-after'])(
    'are not %s',
    (name) => {
      expect(isApisWord(signs(429, '', { [name]: '1' }))).toBe(false);
    },
  );
});

describe('a refusal by the API itself', () => {
  const limits = { 'x-ratelimit-remaining': '0' };
  const bearer = { 'www-authenticate': 'Bearer realm="api"' };
  it.each([
    ['its error shape', 403, '{"error":"forbidden"}', {}, true],
    ['a closed limit', 429, '', limits, true],
    ['a page under its limits', 429, PAGE, limits, false],
    ['429 without its limits', 429, '', {}, false],
    ['limits with another status', 403, '', limits, false],
    ['the key that it asks for', 401, '', bearer, true],
    ['a page that asks for one', 401, PAGE, bearer, false],
    ['the same with another status', 403, '', bearer, false],
    ['401 that asks for nothing', 401, '', {}, false],
    ['a scheme whose name begins the same', 401, '', { 'www-authenticate': 'Bearers' }, false],
  ] as const)('%s', (_name, status, body, headers, expected) => {
    expect(isApisRefusal(signs(status, body, headers))).toBe(expected);
  });
});

describe('JSON of a gateway', () => {
  const PHRASES = [
    'Forbidden',
    'forbidden.',
    ' Access denied! ',
    'Access forbidden',
    'Request blocked',
    'Your request was rejected by a rule',
    'Access has been blocked',
    'Your access is blocked.',
    'Blocked',
    'Blocked by policy',
    'Missing Authentication Token',
    'no Route matched with those values',
    'IP address not allowed',
    'Your IP address is not allowed: 192.0.2.1',
  ];
  const isSeen = (status: number, json: unknown) => isGatewayJson(status, json);

  it.each(PHRASES)('says %j, and no more', (message) => {
    expect([isSeen(403, { message }), isSeen(403, { Message: message })]).toEqual([true, true]);
    expect(isSeen(403, { message, request_id: 'a', RequestId: 'b', 'request-id': 'c' })).toBe(true);
    expect(isSeen(403, { message, error: 'forbidden' })).toBe(false);
    expect(isSeen(403, { message, xrequestid: 'a' })).toBe(false);
    expect([isSeen(401, { message }), isSeen(429, { message })]).toEqual([false, false]);
    expect(isApisWord(replySigns(403, {}, '', { json: { message } }))).toBe(false);
  });

  it.each(['The job is forbidden', 'forbidden here', 'Requests blocked', 'Blocked job', 'requests', '', ' '])(
    'does not say %j',
    (message) => {
      expect(isSeen(403, { message })).toBe(false);
    },
  );

  it.each([{ message: 7 }, {}, [], null, 'Forbidden', { request_id: 'a' }])('is not %j', (json) => {
    expect(isSeen(403, json)).toBe(false);
  });
});

describe('limit headers on a page', () => {
  const limits = { 'x-ratelimit-remaining': '0' };
  it.each([
    [401, PAGE, false],
    [403, PAGE, false],
    [404, PAGE, true],
    [403, '', true],
  ])('with %d', (status, body, expected) => {
    expect(isApisWord(signs(status, body, limits))).toBe(expected);
  });
});

describe('an empty body', () => {
  it.each([
    ['', true],
    [' \n', true],
    ['x', false],
    ['{}', false],
  ])('%j: %s', (body, expected) => {
    expect(isEmptyBody(signs(200, body))).toBe(expected);
  });
  it('is not one that was read as JSON', () => {
    expect(isEmptyBody({ text: '', json: {} })).toBe(false);
  });
});
