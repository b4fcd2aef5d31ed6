import { createGoalLane } from '../../src/index.js';

export interface LaneOrder {
  readonly jobs: number;
  readonly baseUrl: string;
  readonly file: string;
  readonly outDir: string;
}

/** The in-process lane with as many jobs, in a process of its own. */
export async function laneSide({ jobs, baseUrl, file, outDir }: LaneOrder): Promise<void> {
  const lane = createGoalLane({
    apiKey: 'sk_bench_lane',
    baseUrl,
    outDir,
    plan: { concurrentJobs: jobs + 10, statusReadsPerMinute: 1_000 },
  });
  const handles = Array.from({ length: jobs }, () =>
    lane.start({ workflowId: 'bench.waiting', files: [file] }),
  );
  process.once('disconnect', () => process.exit(0));
  process.send?.({ isStarted: true });
  await Promise.all(handles.map((handle) => handle.result()));
  process.send?.({ isDone: true });
}
