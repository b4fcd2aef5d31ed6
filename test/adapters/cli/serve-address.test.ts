import { expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { createFakeIo } from './fake-io.js';

it('goal-lane serve names --host, not --port, for an address that this machine does not have', async () => {
  // Reserved for documentation (RFC 5737). The refusal comes from this machine: nothing is sent.
  const host = '203.0.113.1';
  const fake = createFakeIo({ GOAL_LANE_TOKEN: 'a-token-of-22-characters' });
  const argv = ['serve', '--demo', '--no-open', '--port', '0', '--host', host];
  expect(await runCli(argv, fake.io)).toBe(2);
  expect(fake.stderr()).toContain(`--host ${host}: cannot be used`);
  expect(fake.stderr()).not.toContain('--port');
});
