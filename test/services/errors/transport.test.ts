import { describe, expect, it } from 'vitest';
import {
  errorCode,
  failureFromTransport,
  type LostRequest,
  ownError,
  wasSent,
} from '../../../src/services/errors/failure-from-transport.js';
import { GoalLaneError } from '../../../src/services/errors/goal-lane-error.js';
import {
  brokenReplyOf,
  cureOf,
  faultyOf,
  isKnownSent,
  isOfReply,
  isUnsent,
  noReply,
  proxyStatusOf,
  TransportError,
  TUNNEL_LOST,
} from '../../../src/services/errors/transport-error.js';

const about = { method: 'POST', path: '/jobs/goal', isAborted: false };
const lost = (error: unknown, more: Partial<LostRequest> = {}) =>
  failureFromTransport({ ...about, error, ...more });
const withCode = (code: string, message = 'it failed', more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });
const own = (more: Partial<ConstructorParameters<typeof TransportError>[1]> = {}) =>
  new TransportError('it failed', { code: 'ERR_X', isSent: false, ...more });
const reply = { status: 500 };
const base = { method: 'POST', path: '/jobs/goal' };

describe('the code of an error', () => {
  it.each<[string, unknown, string | undefined]>([
    ['one', withCode('A'), 'A'],
    [
      'the innermost',
      Object.assign(withCode('A'), { cause: withCode('B', 'x', { cause: new Error('y') }) }),
      'B',
    ],
    ['none', new Error('x'), undefined],
    ['a number', Object.assign(new Error('x'), { code: 7 }), undefined],
    ['nothing', null, undefined],
    ['text', 'ECONNRESET', undefined],
    ['a function with a code', Object.assign(() => 1, { code: 'A' }), 'A'],
  ])('of %s', (_name, error, code) => expect(errorCode(error)).toBe(code));

  it('is looked for in 32 errors', () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce((cause: unknown) => new Error('x', { cause }), withCode('A'));
    expect(errorCode(nested(31))).toBe('A');
    expect(errorCode(nested(32))).toBeUndefined();
  });
});

describe('what a transport knows', () => {
  it.each<[string, unknown, boolean, boolean]>([
    ['that nothing was sent', own(), false, true],
    ['that it was sent', own({ isSent: true }), true, false],
    ['nothing', new Error('x'), false, false],
    ['of a reply', Object.assign(new Error('x'), { response: reply }), true, false],
    ['of the reply of a request', Object.assign(new Error('x'), { request: { res: reply } }), true, false],
    ['of a request without a reply', Object.assign(new Error('x'), { request: {} }), false, false],
    ['of an empty reply', Object.assign(new Error('x'), { response: null, request: null }), false, false],
    ['of a reply, whatever it says', Object.assign(own(), { response: reply }), true, false],
    [
      'nothing that can be read',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
      false,
      false,
    ],
    ['nothing, as text', 'x', false, false],
  ])('%s', (_name, error, isSent, isNot) => {
    expect(isKnownSent(error)).toBe(isSent);
    expect(wasSent(error)).toBe(isSent);
    expect(wasSent({ cause: error })).toBe(isSent);
    expect(isUnsent(error)).toBe(isNot);
  });

  it('is kept with it', () => {
    const error = own({ proxyStatus: 403, faulty: 'fetch', cure: 'do this', cause: 'text' });
    expect(error).toMatchObject({
      name: 'TransportError',
      message: 'it failed',
      code: 'ERR_X',
      isSent: false,
    });
    expect([proxyStatusOf(error), faultyOf(error), cureOf(error)]).toEqual([403, 'fetch', 'do this']);
    expect(error.cause).toEqual(new Error('text'));
    const cause = new TypeError('t');
    expect(own({ cause }).cause).toBe(cause);
    expect('cause' in own()).toBe(false);
    expect([proxyStatusOf('x'), faultyOf('x'), cureOf('x')]).toEqual([undefined, undefined, undefined]);
    expect([isOfReply(error), isOfReply({ response: reply })]).toEqual([false, true]);
  });

  it.each<[unknown, string]>([
    ['secret', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
    [['secret'], 'a list'],
    [{ secret: 1 }, 'another object'],
  ])('of a function of the host that resolved with %j shows nothing else', (value, shown) => {
    const error = noReply('transport', value, 'a reply');
    expect(error.message).toBe(`transport resolved with ${shown} instead of a reply`);
    expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE', isSent: true, faulty: 'transport' });
  });

  it('of a reply that broke off is the head', () => {
    const response = { status: 200 } as never; // Boundary: a part of a reply.
    expect(brokenReplyOf(own({ response }))).toBe(response);
    expect(brokenReplyOf(own())).toBeUndefined();
    expect(brokenReplyOf({ isAxiosError: true, response })).toBe(response);
    for (const other of [{ isAxiosError: 1, response }, { response }, null, 'x'])
      expect(brokenReplyOf(other)).toBeUndefined();
  });
});

describe('the failure of a request without a whole reply', () => {
  const noAdvice = 'Check the network and try again.';
  it('that nobody understands', () => {
    expect(lost(new Error('odd'))).toEqual({
      ...{ ...base, kind: 'network', delivery: 'unknown', advice: noAdvice },
      message: 'POST /jobs/goal got no reply: odd',
    });
    expect(lost(withCode('E1', 'odd')).message).toBe('POST /jobs/goal got no reply: odd (E1)');
    expect(lost(withCode('E1', 'odd E1')).message).toBe('POST /jobs/goal got no reply: odd E1');
    expect(lost(new Error('odd'), { isAnswered: true }).message).toBe(
      'POST /jobs/goal got a reply that broke off: odd',
    );
  });

  it.each<[string, unknown, boolean, string]>([
    ['with an unknown outcome', new Error('x'), false, 'unknown'],
    ['before it was sent', own(), false, 'not-sent'],
    ['after it was sent', own({ isSent: true }), false, 'unknown'],
    ['after a reply had begun', own(), true, 'unknown'],
  ])('that was aborted %s', (_name, error, isAnswered, delivery) => {
    expect(lost(error, { isAborted: true, isAnswered })).toEqual({
      ...{ ...base, kind: 'aborted', delivery, message: 'POST /jobs/goal was aborted' },
      advice: 'Nothing: the caller asked for it.',
    });
  });

  const unsent = {
    kind: 'network',
    delivery: 'not-sent',
    advice: 'Check the base URL and the network; nothing was sent.',
  };
  const unknown = { kind: 'network', delivery: 'unknown', advice: noAdvice };
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EADDRNOTAVAIL',
    'ERR_INVALID_URL',
    'ConnectionRefused',
    'FailedToOpenSocket',
    'UND_ERR_CONNECT_TIMEOUT',
  ])('with the code %s was not sent, unless it is known better', (code) => {
    expect(lost(withCode(code))).toMatchObject(unsent);
    expect(lost(withCode(code, 'x', { syscall: 'write' }))).toMatchObject(unknown);
    expect(lost(withCode(code), { isAnswered: true })).toMatchObject(unknown);
  });

  it.each([
    'CERT_CHAIN_TOO_LONG',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('with the certificate error %s was not sent', (code) => {
    const advice =
      'The certificate of the server is not trusted here: check the base URL and the clock, or name your CA in NODE_EXTRA_CA_CERTS; nothing was sent.';
    expect(lost(withCode(code))).toMatchObject({ kind: 'network', delivery: 'not-sent', advice });
    expect(lost(withCode(code), { isAnswered: true })).toMatchObject(unknown);
  });

  it.each<[string, unknown, object]>([
    ['a call to connect', withCode('E', 'x', { syscall: 'connect' }), unsent],
    ['a call to look up a name', withCode('E', 'x', { syscall: 'getaddrinfo' }), unsent],
    ['a call to read', withCode('E', 'x', { syscall: 'read' }), unknown],
    ["Deno's step", new Error('error sending request: client error (Connect): refused'), unsent],
    [
      'a refused connect whose cause transferred',
      withCode('ECONNREFUSED', 'x', { cause: withCode('E', 'x', { syscall: 'read' }) }),
      unknown,
    ],
    [
      'a handshake that ended',
      new Error('socket disconnected before secure TLS connection was established'),
      unsent,
    ],
    ['a transport that knows', own(), unsent],
    [
      'a sum of connects',
      Object.assign(new Error('x'), {
        errors: [withCode('ENOTFOUND'), withCode('E', 'x', { syscall: 'connect' })],
      }),
      unsent,
    ],
    [
      'a sum with another',
      Object.assign(new Error('x'), { errors: [withCode('ENOTFOUND'), new Error('y')] }),
      unknown,
    ],
    ['a sum that is no list', Object.assign(new Error('x'), { errors: 'ENOTFOUND' }), unknown],
  ])('by %s', (_name, error, expected) => expect(lost(error)).toMatchObject(expected));

  it.each([
    'SSL routines:ssl3_get_record:wrong version number',
    'SSL routines::packet length too long',
    'ssl routines:x:unknown protocol',
  ])('to what speaks no TLS: %s', (words) => {
    const advice =
      'Check whether the base URL begins with https or http, the proxy, and the network (is there a login page?).';
    expect(lost(new Error(words))).toMatchObject({
      ...{ kind: 'network', delivery: 'unknown', advice },
      message: 'POST /jobs/goal got no reply: what answered does not speak TLS',
    });
    expect(lost(new Error(words), { isAnswered: true }).message).toContain('SSL routines'.slice(4));
  });

  it.each(['ERR_BAD_RESPONSE', 'HPE_INVALID_CONSTANT', 'Z_DATA_ERROR'])(
    'whose reply is garbled (%s)',
    (code) => {
      expect(lost(withCode(code))).toEqual({
        ...{ ...base, kind: 'bad-response', delivery: 'unknown' },
        message: 'POST /jobs/goal got a reply that broke off or cannot be read: it failed',
        advice: 'Try again; if this persists, the server or a proxy in front of it is broken.',
      });
      expect(lost(withCode(`X_${code}`)).kind).toBe('network');
    },
  );

  it('which a cause knows as sent may have been done', () => {
    const cause = own({ code: 'ECONNREFUSED', isSent: true });
    expect(lost(new Error('x', { cause }))).toMatchObject(unknown);
  });

  it('whose reply broke off', () => {
    const broken = Object.assign(new Error('x'), { response: reply });
    expect(lost(broken).kind).toBe('bad-response');
    expect(lost(broken, { isAnswered: true }).kind).toBe('network');
  });

  it('by a function of the host', () => {
    expect(lost(noReply('fetch', null, 'a reply'))).toEqual({
      ...{ ...base, kind: 'internal', delivery: 'unknown' },
      message: 'POST /jobs/goal: fetch resolved with null instead of a reply',
      advice: 'Fix the function fetch that was passed, or leave it out.',
    });
  });

  it('whose reply may not be read', () => {
    expect(lost(own({ cure: 'Do this.', isSent: true }))).toEqual({
      ...{ ...base, kind: 'network', delivery: 'unknown', advice: 'Do this.', speaker: 'unknown' },
      message: 'POST /jobs/goal was answered, but it failed',
    });
  });

  const CHECK =
    "Check the proxy that HTTPS_PROXY names, and the network, or name the API's host in NO_PROXY; nothing was sent.";
  it.each<[string, unknown, number | undefined]>([
    ['a status', own({ proxyStatus: 502 }), 502],
    ['a status within', { cause: own({ proxyStatus: 403 }) }, 403],
    ['a code', own({ code: TUNNEL_LOST }), undefined],
    ['a code beside a number', withCode(TUNNEL_LOST, 'lost after 200 bytes'), undefined],
    ["Node's code", withCode('ERR_PROXY_TUNNEL', 'it failed: 503'), 503],
    ['words of undici', new Error('Proxy response (502) !== 200 when HTTP Tunneling'), 502],
    ['words of a tunnel', new Error('failed to establish tunnel: 403'), 403],
    [
      'the port of an address beside a status',
      new Error('failed to establish tunnel by proxy-200.corp:443 (10.1.2.300): 502'),
      502,
    ],
    [
      'words without a status',
      new Error('tunneling socket could not be established, cause=127.0.0.1:3128'),
      undefined,
    ],
    ['words of agents', new Error('Proxy connection ended before receiving CONNECT response'), undefined],
  ])('by a proxy that opens no tunnel, known by %s', (_name, error, status) => {
    const failure = lost(error);
    expect(failure).toMatchObject({ ...base, kind: 'network', delivery: 'not-sent', speaker: 'proxy' });
    expect(failure.status).toBe(status);
    if (status === undefined) {
      expect(failure.message).toContain(
        'POST /jobs/goal was not sent: the proxy does not connect to the server: ',
      );
      expect(failure.advice).toBe(CHECK);
    } else {
      expect(failure.message).toBe(`POST /jobs/goal was not sent: the proxy answered ${status}`);
      expect(failure.advice).toMatch(
        status === 403 ? /^Ask the administrator of the proxy/ : /^Try again later/,
      );
    }
    expect(lost(error, { isAnswered: true })).not.toHaveProperty('speaker', 'proxy');
  });
});

describe('an error of our own', () => {
  const ours = new GoalLaneError({ kind: 'file', message: 'changed', advice: '', delivery: 'not-sent' });
  it('is found as the reason of a signal, or among the causes', () => {
    expect(ownError(new Error('x'), { reason: ours })).toBe(ours);
    expect(ownError(new Error('x', { cause: ours }), undefined)).toBe(ours);
    expect(ownError(ours, { reason: new Error('y') })).toBe(ours);
    expect(ownError(new Error('x'), undefined)).toBeUndefined();
  });
});
