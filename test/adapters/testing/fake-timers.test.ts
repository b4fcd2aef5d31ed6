import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runBrowserJob } from '../../../src/adapters/browser/index.js';
import { createEmulatorAdapter, createEmulatorModel } from '../../../src/adapters/emulator/index.js';
import { memoryFiles } from '../../../src/adapters/testing/index.js';
import { systemClock } from '../../../src/engine/job/index.js';

beforeEach(() => {
  // The system's clock goes by `performance`, too: it must not see a wall clock that was set.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('runs a job in memory on the timers that vitest fakes, as docs/testing.md says', async () => {
  const { apiKey, apiUrl: baseUrl, ...model } = createEmulatorModel();
  const adapter = createEmulatorAdapter({ apiKey, apiUrl: baseUrl, ...model }, { clock: systemClock });
  const files = memoryFiles({ 'a.txt': 'Ada' });
  const job = runBrowserJob({
    client: { apiKey, baseUrl, adapter },
    job: { workflowId: 'goal_lane.media_archive', files },
  });
  const began = Date.now();
  const ended = { is: false };
  void job.result().then(() => {
    ended.is = true;
  });
  while (!ended.is && Date.now() - began < 600_000) await vi.advanceTimersByTimeAsync(100);
  expect(await job.result()).toMatchObject({ status: 'completed' });
  expect(Date.now() - began).toBeGreaterThan(4_000);
});
