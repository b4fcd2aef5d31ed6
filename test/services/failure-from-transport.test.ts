import { describe, expect, it } from 'vitest';
import { failureFromTransport } from '../../src/services/errors/failure-from-transport.js';

const about = { method: 'POST', path: '/jobs/goal', isAborted: false };
const errno = (code: string, more: object = {}) =>
  Object.assign(new Error(`it failed: ${code}`), { code, ...more });

describe('whether a request that got no reply was sent', () => {
  it.each([
    ['a connect that timed out', errno('ETIMEDOUT', { syscall: 'connect' })],
    ['a connect that was reset', errno('ECONNRESET', { syscall: 'connect' })],
    ['a name that cannot be looked up', errno('EAI_AGAIN', { syscall: 'getaddrinfo' })],
    ['a certificate that is not trusted', errno('SELF_SIGNED_CERT_IN_CHAIN')],
    [
      'a connection that ended within its handshake',
      Object.assign(
        new Error('Client network socket disconnected before secure TLS connection was established'),
        {
          code: 'ECONNRESET',
        },
      ),
    ],
    [
      'each address tried in vain',
      new AggregateError([errno('ECONNREFUSED'), errno('ETIMEDOUT', { syscall: 'connect' })], 'all failed'),
    ],
    ['the same, wrapped by a transport', new Error('Network Error', { cause: errno('ECONNREFUSED') })],
  ])('%s: it was not', (_name, error) => {
    expect(failureFromTransport({ ...about, error })).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
    });
  });

  it.each([
    ['a reset', errno('ECONNRESET', { syscall: 'read' })],
    ['a route lost on a connection that stood', errno('EHOSTUNREACH', { syscall: 'read' })],
    ['attempts of which one had connected', new AggregateError([errno('ECONNREFUSED'), errno('EPIPE')])],
    ['a sum of nothing', Object.assign(new Error('odd'), { errors: [] })],
    ['a broken pipe', errno('EPIPE', { syscall: 'write' })],
    ['a time-out', errno('ECONNABORTED')],
    ['a socket that hung up', errno('ECONNRESET')],
    ['what a browser says', errno('ERR_NETWORK')],
    ['no error at all', undefined],
    ['an error that is its own cause', Object.assign(errno('EPIPE'), { cause: errno('ECONNRESET') })],
  ])('%s: unknown whether the server acted', (_name, error) => {
    expect(failureFromTransport({ ...about, error })).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });

  it.each([
    ['undici', new Error('Proxy response (407) !== 200 when HTTP Tunneling'), 407],
    [
      'its cause',
      new TypeError('fetch failed', { cause: new Error('Proxy response (502) !== 200 when HTTP Tunneling') }),
      502,
    ],
    ['tunnel-agent', new Error('tunneling socket could not be established, statusCode=403'), 403],
    ['Node', errno('ERR_PROXY_TUNNEL'), undefined],
  ])(
    'a proxy that opens no tunnel, in the words of %s: it was not, and the proxy is named',
    (_name, error, status) => {
      const failure = failureFromTransport({ ...about, error });
      expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent', speaker: 'proxy' });
      expect(failure.status).toBe(status);
    },
  );

  it('ends on errors that lead in a circle', () => {
    const error = errno('EPIPE');
    error.cause = error;
    expect(failureFromTransport({ ...about, error }).message).toContain('EPIPE');
  });
});
