import { describe, expect, it } from 'vitest';
import { createGoalClient, isGoalLaneError } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { KEY } from './sample-client.js';

describe('createGoalClient', () => {
  it.each([
    ['an empty key', { apiKey: '' }],
    ['a key of spaces', { apiKey: '   ' }],
    ['a key with a line break', { apiKey: 'secret-word\n' }],
    ['a key that would start a header', { apiKey: 'secret-word\r\nX-Admin: 1' }],
    ['a key beyond ASCII', { apiKey: 'secret-word\u00e9' }],
    ['a base URL of words', { baseUrl: 'api.convilyn.com' }],
    ['a base URL of another protocol', { baseUrl: 'ftp://api.convilyn.com' }],
    ['a base URL with a user', { baseUrl: 'https://me:secret-word@api.convilyn.com' }],
    ['a base URL with a query', { baseUrl: 'https://api.convilyn.com/api/v1?key=secret-word' }],
    ['a base URL with a fragment', { baseUrl: 'https://api.convilyn.com/api/v1#top' }],
  ])('refuses %s without showing it', async (_name, options) => {
    const failure = await failureOf(() => {
      createGoalClient({ apiKey: KEY, ...options });
    });
    expect(failure).toMatchObject({ kind: 'invalid-input', delivery: 'not-sent' });
    expect(failure.findings).toEqual([failure.message]);
    expect(JSON.stringify(failure)).not.toContain('secret-word');
  });

  it('takes what the reference gives', () => {
    for (const baseUrl of [
      undefined,
      'https://api.convilyn.com/api/v1',
      'https://api.convilyn.com/api/v1///',
    ]) {
      const client = createGoalClient({ apiKey: KEY, ...(baseUrl === undefined ? {} : { baseUrl }) });
      expect(client.getStatus).toBeTypeOf('function');
    }
  });

  it('warns once where the key would go over the network unencrypted', () => {
    const warnings: string[] = [];
    const quiet = () => undefined;
    const logger = {
      debug: quiet,
      info: quiet,
      warn: (_fields: object, message: string) => void warnings.push(message),
      error: quiet,
      child: () => logger,
    };
    createGoalClient({ apiKey: KEY, baseUrl: 'http://127.0.0.1:1', logger });
    createGoalClient({ apiKey: KEY, baseUrl: 'https://example.org', logger });
    expect(warnings).toEqual([]);
    createGoalClient({ apiKey: KEY, baseUrl: 'http://example.org', logger });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('unencrypted');
  });
});

describe('isGoalLaneError', () => {
  it('knows an error of another copy of the package, and nothing else', async () => {
    const twin = Object.assign(new Error('x'), { brand: 'goal-lane/error' });
    expect([twin, new Error('x'), null, 'x', { brand: 'other' }].map(isGoalLaneError)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
