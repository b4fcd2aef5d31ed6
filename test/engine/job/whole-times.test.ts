import { expect, it } from 'vitest';
import { runGoalJob } from '../../../src/adapters/node/run-goal-job.js';
import { createTestEmulator, createVirtualClock, runToRest } from '../../../src/adapters/testing/index.js';

/** A clock of the system counts parts of a millisecond: no reading of it is whole. */
const BETWEEN = 0.25;

/** The paths of all times within a value that are not whole ms. */
function partsIn(value: unknown, path: string): readonly string[] {
  if (typeof value === 'number') return value > 1e12 && !Number.isInteger(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => partsIn(one, `${path}.${name}`));
}

it('shows hosts whole milliseconds, which databases and protocols can hold', async () => {
  const whole = createVirtualClock();
  const clock = { ...whole, now: () => Math.floor(whole.now()) + BETWEEN };
  const emulator = createTestEmulator({
    clock,
    faults: [
      { on: 'upload', nth: 1, fault: { kind: 'http-error', status: 503 } },
      { on: 'create', nth: 1, fault: { kind: 'rate-limited', resetInMs: 1_500 } },
      { on: 'status', nth: 2, fault: { kind: 'http-error', status: 503, headers: { 'Retry-After': '1' } } },
      { on: 'slots', nth: 1, fault: { kind: 'version-conflict' } },
    ],
  });
  const shown = new Map<string, number>();
  const parts = new Set<string>();
  const see = (what: string, value: object): void => {
    shown.set(what, (shown.get(what) ?? 0) + 1);
    for (const path of partsIn(value, what)) parts.add(path);
  };
  const job = runGoalJob({
    ...emulator.options,
    ports: emulator.memoryPorts({ 'a.txt': 'a' }),
    workflowId: 'goal_lane.resume_tailor',
    files: ['a.txt'],
    answers: { confirmed_titles: 'Lead' },
  });
  job.on('*', (event) => see(event.type, event));
  job.subscribe((view) => see('view', view));
  const { outcome } = await runToRest(job);
  expect(outcome?.status).toBe('completed');
  see('output', outcome ?? {});
  see('history', job.history({}));
  expect([...shown.keys()]).toEqual(expect.arrayContaining(['view', 'retrying', 'rateLimited', 'completed']));
  expect([...parts]).toEqual([]);
});
