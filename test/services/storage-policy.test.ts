import type { AxiosAdapter, AxiosResponse } from 'axios';
import { AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { createGoalClient, type GoalClientOptions } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';

const KEY = 'sk-live-SECRET0123456789';
const SECRET_PATH = '/dl/PLANTEDtoken0123/';

/** A transport of the host's own that notes what it is asked for; `moved` says where a URL is redirected to. */
function recorded(moved: Readonly<Record<string, string>> = {}) {
  const seen: { readonly url: string; readonly headers: string }[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const url = config.url ?? '';
    seen.push({ url, headers: JSON.stringify(config.headers) });
    const location = moved[url];
    const response: AxiosResponse = {
      status: location === undefined ? 200 : 302,
      statusText: '',
      headers: new AxiosHeaders(location === undefined ? { 'content-length': '2' } : { location }),
      config,
      data: new Blob(location === undefined ? ['ok'] : []).stream(),
    };
    return response;
  };
  return { seen, adapter };
}

function storage(options: Partial<GoalClientOptions>, moved: Readonly<Record<string, string>> = {}) {
  const { seen, adapter } = recorded(moved);
  const client = createGoalClient({ apiKey: KEY, adapter, ...options });
  return { seen, get: (url: string) => client.fetchResult({ url }) };
}

const HTTPS = { baseUrl: 'https://api.example/api/v1' };
const LOCAL = { baseUrl: 'http://127.0.0.1:1/api/v1' };

describe('plain http', () => {
  it.each([
    ['of another machine', 'http://s3.example/x.zip', HTTPS],
    ['of this machine, behind an API that is not here', 'http://127.0.0.1:9/x.zip', HTTPS],
    [
      'of another machine, behind an https API here',
      'http://s3.example/x.zip',
      { baseUrl: 'https://localhost:1' },
    ],
  ])('%s is refused behind https, and nothing is sent', async (_name, url, options) => {
    const { seen, get } = storage(options);
    const failure = await failureOf(get(url));
    expect(failure).toMatchObject({ kind: 'rejected', delivery: 'not-sent' });
    expect(failure.message).toContain('plain http');
    expect(failure.advice).toContain('allowUrl');
    expect(seen).toEqual([]);
  });

  it.each([
    ['here, behind an https API here', 'http://[::1]:9/x.zip', { baseUrl: 'https://localhost:1' }],
    ['behind an http API', 'http://s3.example/x.zip', { baseUrl: 'http://api.example' }],
    ['here, behind an http API here', 'http://localhost:9/x.zip', LOCAL],
  ])('%s is as before', async (_name, url, options) => {
    const { seen, get } = storage(options);
    expect((await get(url)).part).toBe('whole');
    expect(seen).toHaveLength(1);
  });

  it('is no place to be redirected to from https, whatever the API is', async () => {
    for (const options of [HTTPS, LOCAL]) {
      const from = `https://s3.example${SECRET_PATH}x.zip`;
      const { seen, get } = storage(options, { [from]: 'http://s3.example/y.zip' });
      const failure = await failureOf(get(from));
      expect(failure).toMatchObject({ kind: 'rejected', delivery: 'not-sent' });
      expect(seen.map(({ url }) => url)).toEqual([from]);
    }
  });
});

describe('allowUrl', () => {
  const from = 'https://s3.example/a/x.zip?sig=1';
  const to = 'https://s3.eu.example/a/x.zip?sig=2';

  it('is asked about each URL before it is asked for, redirects included', async () => {
    const asked: string[] = [];
    const allowUrl = (url: URL): boolean => {
      asked.push(url.href);
      url.hostname = 'elsewhere.example';
      return true;
    };
    const { seen, get } = storage({ ...HTTPS, allowUrl }, { [from]: to });
    await get(from);
    expect(asked).toEqual([from, to]);
    expect(seen.map(({ url }) => url)).toEqual([from, to]);
  });

  it.each([
    ['says no', () => false, 'allowUrl refuses'],
    ['says nothing', () => undefined as never, 'allowUrl refuses'],
    [
      'throws',
      () => {
        throw new Error(`broken by ${KEY}`);
      },
      'allowUrl threw (broken by [redacted])',
    ],
  ])(
    'that %s refuses: nothing is sent, and the error names only the origin of the URL',
    async (_name, allowUrl, words) => {
      const { seen, get } = storage({ ...HTTPS, allowUrl });
      const failure = await failureOf(get(`https://me:PLANTED@s3.example${SECRET_PATH}x.zip?sig=PLANTED`));
      expect(failure).toMatchObject({ kind: 'rejected', delivery: 'not-sent' });
      expect(failure.message).toContain(words);
      expect(JSON.stringify(failure)).toContain('https://s3.example,');
      expect(JSON.stringify(failure)).not.toContain('PLANTED');
      expect(seen).toEqual([]);
    },
  );

  it('refuses the target of a redirect alone', async () => {
    const { seen, get } = storage({ ...HTTPS, allowUrl: (url) => url.href === from }, { [from]: to });
    const failure = await failureOf(get(from));
    expect(failure).toMatchObject({ kind: 'rejected' });
    expect(failure.message).toContain('redirects');
    expect(seen.map(({ url }) => url)).toEqual([from]);
  });

  it('may allow plain http, for its word is the last', async () => {
    const { seen, get } = storage({ ...HTTPS, allowUrl: () => true }, { [from]: 'http://s3.example/x.zip' });
    await get(from);
    expect(seen).toHaveLength(2);
  });

  it('or not, no request to storage carries the key in any header', async () => {
    const { seen, get } = storage(HTTPS, { [from]: to });
    await get(from);
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(seen)).not.toContain(KEY.slice(8));
    expect(seen.map(({ headers }) => headers).join('')).not.toMatch(/authorization|cookie|referer/i);
  });
});
