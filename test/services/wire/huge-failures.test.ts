import { describe, expect, it } from 'vitest';
import { errorFromFailure } from '../../../src/services/errors/error-from-failure.js';
import { failureFromResponse } from '../../../src/services/errors/failure-from-response.js';
import { BOUNDS } from '../../../src/services/wire/bounds.js';

const long = (length: number): string => 'x'.repeat(length);

describe('a failure', () => {
  const of = (errors: unknown) =>
    failureFromResponse({ method: 'PATCH', path: '/x', status: 422, body: { errors } });

  it.each([
    ['a list', Array.from({ length: 50_000 }, (_, at) => ({ field: `f${at}`, message: 'no' }))],
    ['a map', Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`f${at}`, 'no']))],
  ])('with 50,000 fields as %s names the first and counts the rest, bounded once or twice', (_, errors) => {
    for (const failure of [of(errors), errorFromFailure(of(errors)).toJSON()]) {
      expect(failure.fieldErrors).toHaveLength(BOUNDS.listed);
      expect(failure.fieldErrors?.[0]).toEqual({ field: 'f0', message: 'no' });
      expect(failure.fieldErrors?.at(-1)).toEqual({ field: '', message: 'and 49951 more' });
      expect(failure.message).toContain('and 49951 more');
    }
  });

  it('of megabytes is cut', () => {
    const failure = errorFromFailure({
      kind: 'internal',
      message: long(1e7),
      advice: long(1e7),
      delivery: 'unknown',
      findings: Array(10_000).fill(long(10_000)),
      serverMessage: long(1e7),
    }).toJSON();
    expect(JSON.stringify(failure).length).toBeLessThan(150_000);
    expect(failure.findings?.at(-1)).toBe('and 9951 more');
  });
});
