import { expect, it } from 'vitest';
import { isKeyInClear } from '../../../../src/adapters/cli/flags/settings.js';

it.each([
  ['http://localhost.evil.example/v1', true],
  ['http://127.evil.example/v1', true],
  ['http://127.0.0.1.evil.example/v1', true],
  ['http://api.example/v1', true],
  ['https://api.example/v1', false],
  ['http://localhost:8080/v1', false],
  ['http://LOCALHOST./v1', false],
  ['http://api.localhost/v1', false],
  ['http://127.9.9.9/v1', false],
  ['http://[::1]:8080/v1', false],
  ['http://[::ffff:127.0.0.1]/v1', false],
  ['no url', false],
])('%s sends the key in clear: %s', (baseUrl, isInClear) => {
  expect(isKeyInClear(baseUrl)).toBe(isInClear);
});
