import { type Clock, clockTimeOf } from '../binding/clock.js';
import { checkCloseOptions } from './check-lane-options.js';
import type { CloseOptions, GoalLane } from './goal-lane.js';
import type { LaneParts } from './lane-parts.js';

/** Until when a lane drains: the earliest of the deadlines (epoch ms) that its host has named, until it is dropped. */
function createDeadline(clock: Clock) {
  const cancels: (() => void)[] = [];
  let isDropped = false;
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return {
    passed,
    add(deadlineAt: number | undefined): void {
      if (isDropped || deadlineAt === undefined) return;
      cancels.push(clock.schedule(clockTimeOf(clock, deadlineAt), pass));
    },
    drop(): void {
      isDropped = true;
      for (const cancel of cancels) cancel();
    },
  };
}

/** Waits for the jobs to end if requested, detaches the rest, and closes what the lane has opened. */
async function closeLane(
  { core, backend, jobs, events }: LaneParts,
  how: CloseOptions,
  deadline: ReturnType<typeof createDeadline>,
): Promise<void> {
  if (how.drain === true)
    await Promise.race([Promise.all(jobs.active().map((handle) => handle.result())), deadline.passed]);
  deadline.drop();
  // Now, while the queue is still in order: a detached job no longer waits.
  await core.memory.flush();
  core.memory.stop();
  core.queueWatch.stop();
  await backend.close(jobs.active());
  core.client.close();
  events.end();
}

/** The `close` of a lane: the first call closes it, and a later one may set an earlier deadline for its draining. */
export function createClose(parts: LaneParts): {
  readonly close: GoalLane['close'];
  readonly isClosed: () => boolean;
} {
  const deadline = createDeadline(parts.core.clock);
  let closing: Promise<void> | undefined;
  return {
    isClosed: () => closing !== undefined,
    async close(how = {}) {
      checkCloseOptions(how);
      deadline.add(how.deadlineAt);
      closing ??= closeLane(parts, how, deadline);
      await closing;
    },
  };
}
