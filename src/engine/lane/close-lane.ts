import { type Clock, clockTimeOf } from '../binding/clock.js';
import type { CloseOptions } from './goal-lane.js';
import type { LaneParts } from './lane-parts.js';

/** Resolves when the work is done, or at the deadline (epoch ms). */
function withinDeadline(work: Promise<unknown>, deadlineAt: number | undefined, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel =
      deadlineAt === undefined ? () => undefined : clock.schedule(clockTimeOf(clock, deadlineAt), resolve);
    void work.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Waits for the jobs to end if requested, detaches the rest, and closes what the lane has opened. */
export async function closeLane(
  { core, backend, jobs, events }: LaneParts,
  how: CloseOptions,
): Promise<void> {
  if (how.drain === true) {
    const all = Promise.all(jobs.active().map((handle) => handle.result()));
    await withinDeadline(all, how.deadlineAt, core.clock);
  }
  // Now, while the queue is still in order: a detached job no longer waits.
  await core.memory.flush();
  core.memory.stop();
  core.queueWatch.stop();
  await backend.close(jobs.active());
  core.client.close();
  events.end();
}
