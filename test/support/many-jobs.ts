import type { ConsoleSource } from '../../src/adapters/console/index.js';
import type { JobFacts } from '../../src/engine/job/source/job-view.js';
import type { LaneJob, LaneView } from '../../src/engine/job/source/lane-source.js';

/** Jobs without an engine, for pages that show many: some change on demand. */
export interface ManyJobs {
  readonly source: ConsoleSource;
  /** Moves so many jobs on, one after the other. */
  change(count: number): void;
  /** The last so many jobs ask for something: in a list they come first. */
  ask(count: number): void;
}

const viewOf = (index: number, progress: number): JobFacts => ({
  state: 'executing',
  path: 'executing.awaitingTurn',
  tags: [],
  jobSpecId: `job_${index}`,
  workflowId: `workflow ${index % 7}`,
  itemVersion: 1,
  progress,
  currentStep: 'working',
  files: [
    { handle: `${index}.txt`, name: `${index}.txt`, bytes: 1_000, state: 'uploaded', sentBytes: 1_000 },
  ],
  retention: {},
});

export function manyJobs(count: number): ManyJobs {
  const listeners = new Set<(view: LaneView) => void>();
  let jobs: readonly LaneJob[] = Array.from({ length: count }, (_, index) => ({
    id: `many-${index}`,
    view: viewOf(index, 0),
  }));
  let next = 0;
  const tell = (): void => {
    for (const listener of listeners) listener({ jobs });
  };
  return {
    ask(many) {
      jobs = jobs.map((job, index) =>
        index < count - many ? job : { id: job.id, view: { ...viewOf(index, 0), needs: 'confirm' } },
      );
      tell();
    },
    change(many) {
      const changed = new Set(Array.from({ length: many }, (_, index) => (next + index) % count));
      next = (next + many) % count;
      jobs = jobs.map((job, index) =>
        changed.has(index) && job.view.needs === undefined
          ? { id: job.id, view: viewOf(index, ((job.view.progress ?? 0) + 1) % 100) }
          : job,
      );
      tell();
    },
    source: {
      view: () => ({ jobs }),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      job: () => undefined,
      start: () => Promise.reject(new Error('none starts here')),
      catalog: async () => [],
    },
  };
}

/** In the page: how long frames take while the list is scrolled, and which tasks were long. In ms. */
export interface FrameTimes {
  readonly frames: readonly number[];
  readonly longTasks: readonly number[];
}

/** Runs in the page. */
export async function scrolledFrames(forMs: number): Promise<FrameTimes> {
  const frames: number[] = [];
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const startedAt = performance.now();
  let before = startedAt;
  while (performance.now() - startedAt < forMs) {
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    frames.push(now - before);
    before = now;
    scrollTo(0, (document.body.scrollHeight / 2) * (1 + Math.sin(now / 500)));
  }
  observer.disconnect();
  return { frames: frames.slice(1), longTasks };
}
