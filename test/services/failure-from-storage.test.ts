import { describe, expect, it } from 'vitest';
import { failureFromStorage } from '../../src/services/errors/failure-from-storage.js';

type Headers = Readonly<Record<string, string>>;

const XML =
  '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
const refusal = (status: number, body: string, headers: Headers = {}) =>
  failureFromStorage({ path: '/bucket/output.zip', status, body, headers });

describe('what a storage URL was answered with', () => {
  it.each([
    ['its XML', 403, XML, {}],
    ['its XML, through a CDN', 403, XML, { server: 'CloudFront', via: '1.1 a.cloudfront.net' }],
    ['its XML, through a proxy', 403, XML, { via: '1.1 proxy.corp:3128' }],
    ['a page of a plain web server, as signed links of its own have it', 410, '<html>nginx</html>', {}],
    ['nothing', 404, '', {}],
  ] as const)('is storage that refuses, by %s: a fresh URL may help', (_name, status, body, headers) => {
    expect(refusal(status, body, headers)).toMatchObject({ kind: 'gone', speaker: 'storage' });
  });

  it.each([
    ['proxy', 407, '', {}],
    ['proxy', 403, '<html>blocked</html>', { 'x-squid-error': 'ERR_ACCESS_DENIED 0' }],
    ['proxy', 403, '<html>blocked</html>', { via: '1.1 proxy.corp:3128' }],
    ['cdn', 403, '<title>Just a moment...</title>', {}],
    ['portal', 401, '<form><input type="password"></form>', {}],
    ['gateway', 403, 'Request blocked', {}],
  ] as const)('is trouble on the way by a %s (%d): no fresh URL helps', (speaker, status, body, headers) => {
    const failure = refusal(status, body, headers);
    expect(failure).toMatchObject({ kind: 'network', speaker, status });
    expect(failure.message).toContain('not by storage');
  });

  it('is trouble of storage from 500 on', () => {
    expect(refusal(503, XML)).toMatchObject({ kind: 'server', speaker: 'storage', delivery: 'unknown' });
  });
});
