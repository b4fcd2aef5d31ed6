import type { JobSource } from '../../src/engine/job/source/job-source.js';
import type { LaneSource, StoredPage, StoredPageQuery } from '../../src/engine/job/source/lane-source.js';
import type { JobEmitted } from '../../src/machines/job-events.js';
import type { JobInput } from '../../src/machines/job-input.js';
import type { JobOutput } from '../../src/machines/job-output.js';
import type { SlotValue } from '../../src/services/wire/wire-types.js';

/** A job of a lane or of a fleet, as a host sees it that does not care which. */
export interface EitherJob extends JobSource {
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<JobEmitted>;
  on(type: 'completed', listener: () => void): () => void;
  result(): Promise<JobOutput>;
  detach(): Promise<JobOutput>;
}

/** The jobs of a lane or of a fleet. */
export interface EitherJobs extends LaneSource {
  start(
    options: JobInput & { readonly id?: string; readonly priority?: number },
  ): EitherJob | Promise<EitherJob>;
  stored(query?: StoredPageQuery): Promise<StoredPage>;
  close(): void | Promise<void>;
}

/** What a host does with a job: starts it, shows it, answers what it asks, waits for its result. The same lines for both. */
export async function runWorkflow(
  jobs: EitherJobs,
  id: string,
  files: readonly string[],
  slots: Readonly<Record<string, SlotValue>>,
) {
  const job = await jobs.start({ id, workflowId: 'goal_lane.resume_tailor', files, priority: 1 });
  let shown = '';
  const unsubscribe = job.subscribe(({ state }) => {
    shown = state;
  });
  const completed = new Promise<void>((resolve) => job.on('completed', resolve));
  const answers: string[] = [];
  for await (const event of job.events())
    if (event.type === 'inputNeeded') answers.push((await job.submitSlots(slots)).status);
  const output = await job.result();
  await completed;
  unsubscribe();
  return { answers, output, shown, listed: jobs.job(id)?.view().state };
}
