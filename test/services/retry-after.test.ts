import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/failure-of.js';
import { json } from '../support/http-server.js';
import { withSample } from './sample-client.js';

describe('Retry-After', () => {
  it.each([404, 408, 409, 423, 425, 451, 500, 503])('is read from any refusal: %d', (status) =>
    withSample(
      (_request, response) =>
        json(response, status, { error: 'busy', message: 'later', code: status }, { 'Retry-After': '120' }),
      async ({ client }) => {
        const before = Date.now();
        const { retryAt } = await failureOf(client.getStatus({ jobSpecId: 'job_789' }));
        expect(retryAt).toBeGreaterThanOrEqual(before + 120_000);
        expect(retryAt).toBeLessThan(before + 180_000);
      },
    ),
  );

  it('is absent if the reply has none', () =>
    withSample(
      (_request, response) => json(response, 423, { error: 'busy', message: 'later', code: 423 }),
      async ({ client }) => {
        expect(await failureOf(client.getStatus({ jobSpecId: 'job_789' }))).not.toHaveProperty('retryAt');
      },
    ));
});
