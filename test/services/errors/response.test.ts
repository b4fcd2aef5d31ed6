import { describe, expect, it } from 'vitest';
import {
  foreignSuccessError,
  redirectRefusal,
  refusalOf,
} from '../../../src/services/errors/classify-reply.js';
import { errorWords } from '../../../src/services/errors/error-words.js';
import { failureFromResponse } from '../../../src/services/errors/failure-from-response.js';
import { failureFromStorage } from '../../../src/services/errors/failure-from-storage.js';
import { GoalLaneError, isGoalLaneError } from '../../../src/services/errors/goal-lane-error.js';
import { isCertainlyNotDone } from '../../../src/services/errors/not-done.js';
import { replySigns } from '../../../src/services/speakers/reply-signs.js';

const JOB = '/jobs/goal/j/status';
const word = { error: 'an_error', message: 'a message', code: 1 };
const failureOf = (status: number, body: unknown = word, path = JOB, more = {}) =>
  failureFromResponse({ method: 'GET', path, status, body, ...more });

describe('a refusal by the API', () => {
  it.each([
    [
      400,
      'invalid-transition',
      'refused',
      'Read the job again: it is not in the state that this call needs.',
    ],
    [401, 'key-refused', 'refused', 'Check the API key (CONVILYN_API_KEY) in the account settings.'],
    [403, 'key-refused', 'refused', 'Check the API key (CONVILYN_API_KEY) in the account settings.'],
    [404, 'not-found', 'refused', 'Check the id: the server does not know it, or not any more.'],
    [405, 'rejected', 'refused', 'This will not heal by itself: read what the server says.'],
    [408, 'server', 'unknown', 'Try again later; the server is in trouble.'],
    [409, 'version-conflict', 'refused', 'Read the job again and repeat with its item version.'],
    [410, 'gone', 'refused', 'It has expired: ask for a fresh one.'],
    [422, 'validation', 'refused', 'Fix the fields that are named and send them again.'],
    [425, 'server', 'refused', 'Try again later; the server is in trouble.'],
    [429, 'rate-limited', 'refused', 'Wait until the limit opens again.'],
    [499, 'server', 'unknown', 'Try again later; the server is in trouble.'],
    [500, 'server', 'unknown', 'Try again later; the server is in trouble.'],
  ])('with %i', (status, kind, delivery, advice) => {
    expect(failureOf(status)).toEqual({
      ...{ kind, delivery, advice, status, method: 'GET', path: JOB, speaker: 'api' },
      ...{ serverError: 'an_error', serverMessage: 'a message' },
      message: `GET ${JOB} answered ${status} (an_error: a message)`,
    });
  });

  it.each([
    ['/upload', 404, 'Read what the server says about this request, fix the input and start again.'],
    ['/jobs/goal', 409, 'Read what the server says about this request, fix the input and start again.'],
    ['/jobs/goal', 400, 'Read what the server says about this request, fix the input and start again.'],
    ['/jobs/goal', 422, 'Fix the fields that are named and send them again.'],
    [
      '/workflows/catalog',
      404,
      'Check the base URL: there is no catalog under it. The reference ends it in /api/v1.',
    ],
    ['/workflows/catalog', 409, 'Read the job again and repeat with its item version.'],
  ])('of %s with %i advises what helps there', (path, status, advice) => {
    expect(failureOf(status, word, path).advice).toBe(advice);
  });

  it('names the fields', () => {
    const body = { ...word, errors: [{ field: 'tone', message: 'no' }, { message: 'too long' }] };
    expect(failureOf(422, body)).toMatchObject({
      fieldErrors: [
        { field: 'tone', message: 'no' },
        { field: '', message: 'too long' },
      ],
      message: `GET ${JOB} answered 422 (an_error: a message); tone: no; (no field): too long`,
    });
    expect(failureOf(422)).not.toHaveProperty('fieldErrors');
    expect(failureOf(422, { error: 'an_error', code: 422 }).message).toBe(
      `GET ${JOB} answered 422 (an_error)`,
    );
  });

  it('keeps when to try again, for a limit that of the limit', () => {
    expect(failureOf(503, word, JOB, { retryAfterAt: 9 })).toHaveProperty('retryAt', 9);
    expect(failureOf(503)).not.toHaveProperty('retryAt');
    const limited = failureOf(429, word, JOB, { retryAfterAt: 9, limit: { limit: 'quota', retryAt: 7 } });
    expect(limited).toMatchObject({ limit: 'quota', retryAt: 7 });
    expect(failureOf(409, word, JOB, { limit: { limit: 'quota', retryAt: 7 } })).not.toHaveProperty('limit');
  });
});

describe('a refusal by something else', () => {
  const squid = { headers: { 'x-squid-error': 'ERR_ACCESS_DENIED 0' } };
  const login = '<form><input type="password"></form>';
  it.each<[string, number, unknown, object, string, string, string]>([
    ['a proxy', 403, '', squid, JOB, 'network', 'proxy'],
    ['a proxy in trouble', 503, '', squid, JOB, 'network', 'proxy'],
    ['a proxy, for its size', 413, '', squid, JOB, 'rejected', 'proxy'],
    ['a login page', 401, login, {}, JOB, 'network', 'portal'],
    ['a login page in trouble', 503, login, {}, JOB, 'network', 'portal'],
    ['a challenge', 403, '<title>Just a moment...</title>', {}, JOB, 'network', 'cdn'],
    ['a gateway in trouble', 502, '<html><body>nginx</body></html>', {}, JOB, 'server', 'gateway'],
    ['a gateway with a fault', 500, '<html><body>nginx</body></html>', {}, JOB, 'server', 'gateway'],
    [
      'a gateway that forbids the catalog',
      403,
      '<html><body>nginx</body></html>',
      {},
      '/workflows/catalog',
      'network',
      'gateway',
    ],
    ['a proxy, in words like the API', 403, word, squid, JOB, 'network', 'proxy'],
    ['a gateway, for its size', 413, '<html><body>nginx</body></html>', {}, JOB, 'rejected', 'gateway'],
    [
      'a gateway without the catalog',
      404,
      '<html><body>nginx</body></html>',
      {},
      '/workflows/catalog',
      'not-found',
      'gateway',
    ],
    [
      'a gateway whose catalog is gone',
      410,
      '<html><body>nginx</body></html>',
      {},
      '/workflows/catalog',
      'not-found',
      'gateway',
    ],
    ['a gateway without the job', 404, '<html><body>nginx</body></html>', {}, JOB, 'network', 'gateway'],
    ['nobody knows whom, with text', 422, 'odd', {}, JOB, 'network', 'unknown'],
    ['nobody knows whom, with text in trouble', 500, 'odd', {}, JOB, 'server', 'unknown'],
    ['nobody knows whom, with JSON', 422, { a: 1 }, {}, JOB, 'validation', 'unknown'],
    ['nobody knows whom, with nothing', 422, '', {}, JOB, 'validation', 'unknown'],
    ['nobody knows whom, about the key', 403, { a: 1 }, {}, JOB, 'network', 'unknown'],
    ['nobody knows whom, about the key as JSON', 401, { a: 1 }, {}, JOB, 'key-refused', 'unknown'],
    ['nobody knows whom, about the key as text', 401, 'odd', {}, JOB, 'network', 'unknown'],
  ])('by %s (%i)', (_name, status, body, more, path, kind, speaker) => {
    const failure = failureOf(status, body, path, more);
    expect(failure).toMatchObject({ kind, speaker, delivery: 'unknown' });
    if (speaker !== 'unknown') expect(failure.message).toMatch(/, said by .*, not by the API/);
    else if (kind === 'network') expect(failure.message).toContain(', and it is not known who sent it');
    else expect(failure.message).not.toMatch(/said by|known/);
  });
});

describe('what helps against a refusal by something else', () => {
  const squid = { headers: { 'x-squid-error': 'ERR_ACCESS_DENIED 0' } };
  it.each<[string, number, unknown, object, string]>([
    ['a proxy', 403, '', squid, 'Ask the administrator of the proxy'],
    ['a login page', 401, '<form><input type="password"></form>', {}, 'Log in to the network'],
    ['a challenge', 403, '<title>Just a moment...</title>', {}, 'Answer the challenge in a browser'],
    [
      'a gateway in trouble',
      502,
      '<html>nginx</html>',
      {},
      'Try again later: the server in front of the API',
    ],
    ['nobody knows whom', 403, { a: 1 }, {}, 'Check the network, the proxy and the base URL'],
    ['nobody knows whom, about the key', 401, { a: 1 }, {}, 'Check the API key'],
    ['nobody knows whom, with nothing', 422, '', {}, 'Fix the fields that are named'],
  ])('by %s', (_name, status, body, more, advice) => {
    expect(failureOf(status, body, JOB, more).advice.slice(0, advice.length)).toBe(advice);
  });

  it('says no more where nothing was said', () => {
    expect(failureOf(422, '').message).toBe(`GET ${JOB} answered 422`);
  });
});

describe('that nothing was done', () => {
  const isNotDone = (status: number, json: unknown) =>
    isCertainlyNotDone(replySigns(status, {}, '', { json }));
  it.each([
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425,
    426, 428, 429, 431, 451,
  ])('is certain with %i', (status) => expect(isNotDone(status, word)).toBe(true));

  it.each([200, 302, 407, 408, 418, 427, 430, 499, 500, 503])('is not certain with %i', (status) =>
    expect(isNotDone(status, word)).toBe(false),
  );

  it.each([
    'internal',
    'internal_error',
    'InternalServerError',
    'INTERNAL_SERVER_ERROR',
    'Internal server error.',
    'Internal: server error',
    'server_error',
    'service failure',
    'unexpected_error',
    'unknown_exception',
    'unhandled failure',
    'timeout',
    'time_out',
    'timed_out',
    'gateway timeout',
    'bad_gateway',
    'unavailable',
    'service_unavailable',
    'temporarily unavailable',
    'upstream_reset',
    '_internal_error_',
  ])('is not certain where the server says %s', (said) => {
    expect(isNotDone(400, { error: said, message: 'x', code: 1 })).toBe(false);
    expect(isNotDone(400, { error: 'x', message: said, code: 1 })).toBe(false);
    expect(isNotDone(429, { error: said, message: 'x', code: 1 })).toBe(true);
    expect(isNotDone(400, { error: `not_${said}_again`, message: 'x', code: 1 })).toBe(true);
  });

  it.each<[object, boolean]>([
    [{ code: 500 }, false],
    [{ code: '503' }, false],
    [{ status: 408 }, false],
    [{ statusCode: 599 }, false],
    [{ status_code: 499 }, false],
    [{ code: 600 }, true],
    [{ code: 399 }, true],
    [{ code: 400 }, true],
    [{ code: 'E500' }, true],
    [{ code: [500] }, true],
  ])('is it, beside %j: %s', (more, expected) => {
    expect(isNotDone(400, { ...word, ...more })).toBe(expected);
  });

  it.each(['', 'null'])('is certain where the API asks for a key and says %j', (body) => {
    expect(isCertainlyNotDone(replySigns(401, { 'www-authenticate': 'Bearer' }, body))).toBe(true);
  });

  it('is not certain where the inner error has another status', () => {
    expect(isNotDone(400, { error: { code: 500, message: 'x' }, message: 'x' })).toBe(false);
    expect(isNotDone(400, { error: { code: 400, message: 'x' }, message: 'x' })).toBe(true);
  });
});

describe('a reply that is read whole', () => {
  const reply = (status: number, text: string, headers = {}) => ({
    ...{
      method: 'GET',
      path: JOB,
      url: 'https://api.example/v1/jobs',
      status,
      headers,
      text,
      receivedAt: 1_000,
    },
  });
  const login = '<form><input type="password"></form>';

  it('learns of limits from the API alone', () => {
    const learn = () => ({ retryAfterAt: 5_000, limit: { limit: 'quota' as const, retryAt: 7_000 } });
    const text = JSON.stringify(word);
    expect(refusalOf(reply(429, text), learn).failure).toMatchObject({ limit: 'quota', retryAt: 7_000 });
    expect(refusalOf(reply(503, text), learn).failure).toMatchObject({ retryAt: 5_000 });
    const proxy = { 'x-squid-error': 'ERR 0', 'retry-after': '3' };
    const byProxy = refusalOf(reply(503, '', proxy), learn).failure;
    expect(byProxy).toMatchObject({ speaker: 'proxy', retryAt: 4_000 });
    expect(byProxy).not.toHaveProperty('limit');
    expect(refusalOf(reply(418, 'odd'), learn).failure).toMatchObject({ speaker: 'unknown', retryAt: 5_000 });
  });

  it.each([
    ['as a page', '<html><body>nginx</body></html>'],
    ['as JSON', '{"message":"Forbidden"}'],
  ])('learns nothing of a gateway (%s) but when to come back', (_name, text) => {
    const learn = () => ({ retryAfterAt: 5_000 });
    const { failure } = refusalOf(reply(503, text, { 'retry-after': '3' }), learn);
    expect(failure).toMatchObject({ speaker: 'gateway', retryAt: 4_000 });
  });

  it.each([
    [429, 'rate-limited'],
    [500, 'server'],
    [499, 'bad-response'],
  ])('that cannot be read (%i) is %s', (status, kind) => {
    const throwing = () => {
      throw new Error('no');
    };
    expect(refusalOf(reply(status, JSON.stringify(word)), throwing).failure).toEqual({
      ...{ kind, status, method: 'GET', path: JOB, delivery: 'unknown', speaker: 'unknown' },
      message: `GET ${JOB} answered ${status}, and in a way that cannot be read`,
      advice: 'Try again; if this persists, the server or a proxy in front of it is broken.',
    });
    const ours = new GoalLaneError({ kind: 'internal', message: 'x', advice: '', delivery: 'unknown' });
    const throwingOurs = () => {
      throw ours;
    };
    expect(refusalOf(reply(status, JSON.stringify(word)), throwingOurs)).toBe(ours);
  });

  it.each<[string, string, object, string | undefined]>([
    ['JSON', ' {"a":1}', {}, undefined],
    ['a list', '[]', {}, undefined],
    ['text', 'ok', {}, undefined],
    ['a login page', login, {}, 'portal'],
    ['JSON of a proxy', '{}', { 'x-squid-error': 'ERR 0' }, 'proxy'],
    ['a page', '<html><body>Welcome to our hotel</body></html>', {}, 'portal'],
    ['a page with a style', '<html><style>b{}</style>Welcome to our hotel</html>', {}, 'portal'],
    ['a page of a script', '<script>{}</script>', {}, 'portal'],
  ])('as a success of %s', (_name, text, headers, speaker) => {
    const failure = foreignSuccessError(reply(200, text, headers))?.failure;
    expect(failure?.speaker).toBe(speaker);
    if (failure !== undefined)
      expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown', status: 200 });
  });

  it('shows the beginning of a page in the place of a success', () => {
    const page = `<html><body>${'x'.repeat(90)}</body></html>`;
    expect(foreignSuccessError(reply(200, page))?.failure.message).toBe(
      `GET ${JOB} answered 200, said by the login page of a network, not by the API (${'x'.repeat(80)})`,
    );
    expect(foreignSuccessError(reply(200, login))?.failure.message).toMatch(/not by the API$/);
  });

  it.each<[string, string | undefined, object, string, string]>([
    ['a login page', '/login', {}, 'portal', 'network'],
    ['another host', 'https://other.example/x', {}, 'portal', 'network'],
    ['a login page on the way', 'https://api.example/hotspot', {}, 'portal', 'network'],
    ['TLS', 'http://api.example/v1/jobs', {}, 'gateway', 'network'],
    ['itself', '/v1/jobs/', {}, 'unknown', 'network'],
    ['nowhere', undefined, {}, 'unknown', 'network'],
    ['what is no address', 'http://', {}, 'unknown', 'network'],
    ['where a proxy sends', '/x', { 'x-squid-error': 'ERR 0' }, 'proxy', 'network'],
  ])('as a redirect to %s', (_name, location, headers, speaker, kind) => {
    const { failure } = redirectRefusal(
      reply(302, '', location === undefined ? headers : { ...headers, location }),
    );
    expect(failure).toMatchObject({ speaker, kind, delivery: 'unknown', status: 302 });
    expect(failure.message).toMatch(/^GET \S+ answered 302, a redirect/);
    expect(failure.message).toContain(
      " that is not followed: the key goes to the API's origin and nowhere else",
    );
    expect(failure.message.includes(', by ')).toBe(speaker !== 'unknown');
    expect(failure.advice).toBe(
      speaker === 'portal'
        ? 'Log in to the network (open any page in a browser), then try again.'
        : 'Check the base URL, and the network.',
    );
  });

  it('as a redirect names where to, not at any length', () => {
    const to = (location: object) => redirectRefusal(reply(302, '', location)).failure.message;
    expect(to({})).toMatch(/^GET \S+ answered 302, a redirect that is not followed/);
    const host = `https://${'x'.repeat(60)}.${'y'.repeat(60)}.example`;
    expect(to({ location: `${host}/x` })).toContain(` to ${host.slice(0, 100)}, by the login page`);
  });

  it('as a redirect of the API is a bad response', () => {
    const { failure } = redirectRefusal(reply(302, JSON.stringify(word), { location: '/v2/jobs' }));
    expect(failure).toMatchObject({ speaker: 'api', kind: 'bad-response' });
    expect(failure.message).toContain(' a redirect to https://api.example that');
  });
});

describe('a refusal of storage', () => {
  const refusal = (status: number, body = '', more = {}) =>
    failureFromStorage({ path: '/output.zip', status, body, ...more });
  it.each([
    [400, 'gone', 'refused'],
    [401, 'gone', 'refused'],
    [403, 'gone', 'refused'],
    [404, 'gone', 'refused'],
    [410, 'gone', 'refused'],
    [408, 'server', 'refused'],
    [425, 'server', 'refused'],
    [429, 'rate-limited', 'refused'],
    [416, 'rejected', 'refused'],
    [500, 'server', 'unknown'],
    [503, 'server', 'unknown'],
  ])('with %i', (status, kind, delivery) => {
    expect(refusal(status)).toEqual({
      ...{ kind, delivery, status, method: 'GET', path: '/output.zip', speaker: 'storage' },
      message: `GET /output.zip (the result) answered ${status}`,
      advice:
        kind === 'gone'
          ? 'Ask for a fresh URL; results are kept for 24 hours after the job completed.'
          : 'Try again later; storage is in trouble.',
      ...(kind === 'rate-limited' ? { limit: 'quota' } : {}),
    });
  });

  it('shows two elements of its XML, or its JSON', () => {
    const xml = '<Error><Code>Denied</Code><Message>expired</Message><Key>secret</Key></Error>';
    expect(refusal(403, xml)).toMatchObject({ serverError: 'Denied', serverMessage: 'expired' });
    expect(refusal(403, xml).message).toBe('GET /output.zip (the result) answered 403 (Denied: expired)');
    expect(refusal(403, '<Message>expired</Message>').message).toMatch(/403 \(expired\)$/);
    expect(refusal(403, JSON.stringify(word))).toMatchObject({ serverError: 'an_error' });
    expect(refusal(429, '', { retryAfterAt: 9 })).toHaveProperty('retryAt', 9);
    expect(refusal(511)).toMatchObject({ kind: 'network' });
    const squid = { headers: { 'x-squid-error': 'ERR 0' } };
    expect(refusal(403, '', squid)).toMatchObject({ kind: 'network', speaker: 'proxy' });
    expect(refusal(403, '', squid).advice).toMatch(/^Ask the administrator of the proxy/);
    for (const status of [500, 503])
      expect(refusal(status, '', squid)).toMatchObject({ kind: 'server', speaker: 'proxy' });
  });
});

describe('the words of an error', () => {
  it.each<[unknown, string]>([
    [new Error('odd'), 'odd'],
    ['odd', 'odd'],
    [{ message: 'odd' }, 'odd'],
    [Object.assign(() => 1, { message: 'odd' }), 'odd'],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
    [true, 'true'],
    [7n, '7'],
    [Symbol('s'), 'Symbol(s)'],
    [Symbol('x'.repeat(5_000)), `Symbol(${'x'.repeat(4_089)}`],
    [{}, 'a value that is not an error was thrown'],
    [{ message: 7 }, 'a value that is not an error was thrown'],
    ['x'.repeat(5_000), 'x'.repeat(4_096)],
  ])('%#', (error, words) => {
    expect(errorWords(error)).toBe(words);
    expect(errorWords(error, (text) => text)).toBe(words);
  });

  it('are redacted before they are cut', () => {
    const redact = (text: string) => text.replaceAll('secret', '');
    expect(errorWords(new Error('a secret'), redact)).toBe('a ');
  });

  it('belong to an error of ours, in whatever realm it was made', () => {
    const ours = new GoalLaneError({ kind: 'file', message: 'x', advice: '', delivery: 'not-sent' });
    expect([ours.name, ours.kind, ours.message, ours.toJSON()]).toEqual([
      'GoalLaneError',
      'file',
      'x',
      ours.failure,
    ]);
    expect(isGoalLaneError({ brand: 'goal-lane/error' })).toBe(true);
    const branded = Object.assign(() => 1, { brand: 'goal-lane/error' });
    for (const other of [{ brand: 'x' }, {}, null, 'goal-lane/error', undefined, branded])
      expect(isGoalLaneError(other)).toBe(false);
    const hostile = new Proxy(
      {},
      {
        has: () => {
          throw new Error('no');
        },
      },
    );
    expect(isGoalLaneError(hostile)).toBe(false);
  });
});
