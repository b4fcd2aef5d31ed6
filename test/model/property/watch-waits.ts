import type { Clock } from '../../../src/engine/binding/clock.js';
import { CREATE_GRACE_MS } from '../../../src/engine/job/create-grace.js';
import type { JobActor } from '../../../src/engine/job/job-actor.js';

/** A wait ends in the same ms, or in the next: timers and clocks count whole ones. */
const SLACK_MS = 2;

interface Wait {
  readonly path: string;
  readonly began: number;
  readonly spanMs: number;
}

/** Law 3, the other way round: no wait of a job lasts longer than it was said to, by the time that really passes. */
export function watchWaits(actor: JobActor, clock: Clock, truth: Pick<Clock, 'now'>, seen: string[]): void {
  let wait: Wait | undefined;
  actor.subscribe((snapshot) => {
    const path = JSON.stringify(snapshot.value);
    const isWaiting = snapshot.status === 'active' && /rateLimited|backingOff/.test(path);
    if (isWaiting && wait?.path === path) return;
    if (wait !== undefined) {
      const lasted = truth.now() - wait.began;
      if (lasted > wait.spanMs + SLACK_MS)
        seen.push(`${wait.path} lasted ${lasted} ms instead of ${wait.spanMs} ms`);
    }
    const { waitUntil = 0 } = snapshot.context;
    wait = isWaiting ? { path, began: truth.now(), spanMs: Math.max(waitUntil - clock.now(), 0) } : undefined;
  });
}

/** No job outlives its deadline (epoch ms, by the time that really passes), but by the time that a create in flight gets. */
export function overdue(
  actor: JobActor,
  deadlineAt: number | undefined,
  truth: Pick<Clock, 'now'>,
): readonly string[] {
  const snapshot = actor.getSnapshot();
  const graceMs = snapshot.matches({ preparing: 'creating' }) ? CREATE_GRACE_MS : 0;
  const isOverdue = deadlineAt !== undefined && truth.now() > deadlineAt + graceMs + SLACK_MS;
  const isOver = snapshot.status !== 'active';
  return isOverdue && !isOver ? [`still runs ${truth.now() - deadlineAt} ms after its deadline`] : [];
}
