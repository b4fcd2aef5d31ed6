import { expect, it } from 'vitest';
import { createPollScheduler } from '../../../../../src/engine/lane/reads/forecast/poll-scheduler.js';

const START = 1_700_000_000_000;
type Scheduler = ReturnType<typeof createPollScheduler>;

/** Reads as fast as the pace allows until `until`; replies come at once. */
function drive(scheduler: Scheduler, pace: number, fromMs: number, untilMs: number, progress: number): void {
  for (let now = START + fromMs; now < START + untilMs; ) {
    const pick = scheduler.next(now, pace);
    if (pick === undefined) break;
    if (pick.at > now) {
      now = pick.at;
      continue;
    }
    scheduler.started(pick.id, now);
    scheduler.observe(pick.id, { status: 'executing', progress }, now);
    scheduler.ready(pick.id, now);
    now += 1 / pace;
  }
}

function withJobs(count: number): Scheduler {
  const scheduler = createPollScheduler();
  for (let at = 0; at < count; at += 1) scheduler.add({ id: `j${at}`, startedAt: START + at });
  return scheduler;
}

it('costs about as much a read with 10,000 jobs as with 200', () => {
  const costOf = (count: number): number => {
    const scheduler = withJobs(count);
    drive(scheduler, count / 3_000, 0, 3_000, 20);
    const turns = 300;
    const begin = performance.now();
    drive(scheduler, count / 3_000, 3_000, 3_000 + (turns * 3_000) / count, 40);
    return performance.now() - begin;
  };
  const best = (count: number): number => Math.min(costOf(count), costOf(count), costOf(count));
  best(200);
  expect(best(10_000)).toBeLessThan(8 * best(200));
});
