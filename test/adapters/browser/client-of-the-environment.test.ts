import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { runBrowserJob } from '../../../src/adapters/browser/index.js';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { scaledTime } from '../../support/fast-clock.js';

const clock = scaledTime(20);
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ speed: 20, clock });
});
afterAll(() => emulator.close());
afterEach(() => vi.unstubAllEnvs());

const job = {
  workflowId: 'goal_lane.cover_letter',
  files: { 'a.pdf': new Blob(['a']), 'b.pdf': new Blob(['b']) },
};

it.each([{}, { client: undefined }, { client: { apiKey: undefined } }])(
  'a job reaches the API by the environment: %j',
  async (given) => {
    vi.stubEnv('CONVILYN_API_KEY', emulator.apiKey);
    vi.stubEnv('CONVILYN_BASE_URL', emulator.baseUrl);
    expect(await runBrowserJob({ ...given, job, clock }).result()).toMatchObject({ status: 'completed' });
  },
);

it('without a key anywhere, a job is refused by name', () => {
  vi.stubEnv('CONVILYN_API_KEY', undefined);
  expect(() => runBrowserJob({ job, clock })).toThrow('the API key is empty');
});
