import { describe, expect, it } from 'vitest';
import { proxyAuthorization, proxyFor } from '../../../../src/adapters/node/transport/proxy-routes.js';

const PROXY = 'http://proxy.test:3128';
const leads = (url: string, env: Record<string, string>): string | undefined =>
  proxyFor(env, new URL(url))?.href;

describe('which proxy a request takes', () => {
  it.each([
    ['https://a.test/', { HTTPS_PROXY: PROXY }, true],
    ['https://a.test/', { https_proxy: PROXY }, true],
    ['https://a.test/', { HTTP_PROXY: PROXY }, false],
    ['http://a.test/', { HTTP_PROXY: PROXY }, true],
    ['http://a.test/', { HTTPS_PROXY: PROXY }, false],
    ['https://a.test/', { ALL_PROXY: PROXY }, true],
    ['https://a.test/', { HTTPS_PROXY: 'proxy.test:3128' }, true],
    ['https://a.test/', { HTTPS_PROXY: '  ' }, false],
    ['https://a.test/', { https_proxy: '', HTTPS_PROXY: PROXY }, true],
    ['https://a.test/', {}, false],
  ])('%s with %j: %s', (url, env, isProxied) => {
    expect(leads(url, env)).toBe(isProxied ? `${PROXY}/` : undefined);
  });

  it.each([
    ['a.test', 'https://a.test/', true],
    ['a.test', 'https://b.a.test/', true],
    ['.a.test', 'https://b.a.test/', true],
    ['.a.test', 'https://a.test/', true],
    ['*.a.test', 'https://b.a.test/', true],
    ['a.test', 'https://nota.test/', false],
    ['a.test', 'https://a.test.b/', false],
    ['A.Test', 'https://a.test/', true],
    ['*', 'https://a.test/', true],
    ['a.test:443', 'https://a.test/', true],
    ['a.test:8443', 'https://a.test/', false],
    ['a.test:8443', 'https://a.test:8443/', true],
    ['x.test, a.test', 'https://a.test/', true],
    ['x.test a.test', 'https://a.test/', true],
    ['192.0.2.1', 'https://192.0.2.1/', true],
    ['2001:db8::1', 'https://[2001:db8::1]/', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]/', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]/', true],
    ['', 'https://a.test/', false],
    [',', 'https://a.test/', false],
  ])('NO_PROXY=%s, %s goes straight: %s', (noProxy, url, isStraight) => {
    expect(leads(url, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBe(isStraight ? undefined : `${PROXY}/`);
  });

  it.each([
    'http://localhost:8080',
    'http://LOCALHOST.',
    'http://api.localhost',
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://127.1',
    'http://[::1]:99',
    'http://[::ffff:127.0.0.1]',
    'https://localhost',
  ])('%s never takes one', (url) => {
    expect(leads(url, { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, ALL_PROXY: PROXY })).toBeUndefined();
  });

  it.each(['http://localhost.a.test', 'http://127.0.0.1.a.test', 'http://128.0.0.1', 'http://[::2]'])(
    '%s only looks like this machine',
    (url) => {
      expect(leads(url, { HTTP_PROXY: PROXY })).toBe(`${PROXY}/`);
    },
  );
});

describe('the user and password of a proxy', () => {
  const sent = (user: string): string => {
    const header = proxyAuthorization(new URL(`http://${user}@proxy.test:3128`)) ?? '';
    return Buffer.from(header.replace('Basic ', ''), 'base64').toString();
  };

  it('are decoded', () => {
    expect(sent('us%40er:p%3Aw')).toBe('us@er:p:w');
  });

  it('are taken as they are written where a percent sign stands for itself', () => {
    expect(sent('us%er:100%')).toBe('us%er:100%');
    expect(sent('us%40er:100%')).toBe('us@er:100%');
  });
});
