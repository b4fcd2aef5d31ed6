import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { startEmulator } from '../../../src/adapters/emulator/index.js';
import type { FleetClient, FleetJob } from '../../../src/adapters/restate/index.js';
import { createGoalLane, type GoalLane, type JobHandle, type JobHandleEvent } from '../../../src/index.js';
import { type EitherJob, type EitherJobs, runWorkflow } from '../../support/either-jobs.js';

describe('what a host of a lane may use of a fleet as well', () => {
  it('has one shape: only the line that makes the lane or the client differs', () => {
    expectTypeOf<GoalLane>().toExtend<EitherJobs>();
    expectTypeOf<FleetClient>().toExtend<EitherJobs>();
    expectTypeOf<JobHandle>().toExtend<EitherJob>();
    expectTypeOf<FleetJob>().toExtend<EitherJob>();
    // These are the same to the letter.
    type Same = 'view' | 'subscribe' | 'catalog' | 'stored' | 'look' | 'history' | 'forget';
    expectTypeOf<FleetClient>().toExtend<Pick<GoalLane, Same>>();
    type SameOfJob = 'id' | 'view' | 'subscribe' | 'on' | 'submitSlots' | 'events' | 'result' | 'detach';
    expectTypeOf<FleetJob>().toExtend<Pick<JobHandle, SameOfJob> & AsyncIterable<JobHandleEvent>>();
    // Each function of either side is one of the other's, or is named here as what a network does not carry.
    type OnlyOfLane = Exclude<Extract<keyof GoalLane, string>, keyof FleetClient>;
    expectTypeOf<OnlyOfLane>().toEqualTypeOf<'events' | 'on' | 'budget' | 'onStoreChange' | 'openResult'>();
    expectTypeOf<Exclude<Extract<keyof JobHandle, string>, keyof FleetJob>>().toEqualTypeOf<never>();
  });

  it('runs on a lane what runs on a fleet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goal-lane-either-'));
    const emulator = await startEmulator({ speed: 6 });
    const { apiKey, baseUrl } = emulator;
    const lane = createGoalLane({ apiKey, baseUrl, outDir: join(folder, 'out') });
    try {
      const files = ['resume.txt', 'job.txt'].map((name) => join(folder, name));
      for (const file of files) await writeFile(file, 'text');
      const outcome = await runWorkflow(lane, 'either', files, { confirmed_titles: 'Tech Lead' });
      expect(outcome).toMatchObject({
        answers: ['accepted'],
        output: { status: 'completed' },
        listed: 'completed',
      });
    } finally {
      await lane.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
