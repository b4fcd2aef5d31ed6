import { createPollGovernor, type GovernorView } from '../../src/adapters/lane/poll-governor.js';
import { createPollScheduler, MIN_GAP_MS } from '../../src/adapters/lane/poll-scheduler.js';
import type { WorkflowHistory } from '../../src/adapters/lane/workflow-history.js';
import type { Random } from './random.js';
import type { SimClient } from './simulate.js';
import { createTimeline } from './timeline.js';

/** What a process may know before it starts. */
export interface LaneKnowledge {
  /** Past runs by workflow; learned into. Absent: nothing is ever learned. */
  readonly history?: Map<string, WorkflowHistory>;
  readonly order?: 'index' | 'round-robin';
}

/** Ours: the governor says when, the scheduler says which. */
export function createLaneClient(random: Random, knowledge: LaneKnowledge): SimClient & { view(): GovernorView } {
  const governor = createPollGovernor({ random: random.next });
  const { history } = knowledge;
  const scheduler = createPollScheduler({
    ...(knowledge.order === undefined ? {} : { order: knowledge.order }),
    ...(history === undefined
      ? {}
      : {
          loadHistory: (id: string) => history.get(id),
          saveHistory: (id: string, past: WorkflowHistory) => void history.set(id, past),
        }),
  });
  let executing = 0;
  return {
    view: () => governor.view(),
    begin(job, now) {
      executing += 1;
      scheduler.add({ ...job, startedAt: now });
    },
    reply(id, reply, now) {
      governor.onReply({ now, status: reply.status, remaining: reply.remaining, resetAt: reply.resetAt });
      if (reply.reading !== undefined) scheduler.observe(id, reply.reading, now);
      if (reply.reading !== undefined && reply.reading.status !== 'executing') executing -= 1;
      if (reply.reading !== undefined && ['completed', 'failed'].includes(reply.reading.status))
        scheduler.remove(id);
      scheduler.ready(id, now);
    },
    wake(now) {
      const send: string[] = [];
      for (;;) {
        const pick = scheduler.next(now, governor.readsPerMs());
        if (pick === undefined) return { send, wakeAt: Number.POSITIVE_INFINITY };
        const at = Math.max(pick.at, governor.nextSendAt(now, executing));
        if (at > now) return { send, wakeAt: at };
        governor.onSend(now);
        scheduler.started(pick.id, now);
        send.push(pick.id);
      }
    },
  };
}

/** What people write by hand: a timer per job, 2 s after each reply; on a 429 wait for the reset, or back off with jitter. */
export function createLoopClient(random: Random, on429: 'reset' | 'backoff'): SimClient {
  const due = createTimeline<string>();
  let pending: { at: number; event: string } | undefined;
  const tries = new Map<string, number>();
  return {
    begin: (job, now) => due.add(now + MIN_GAP_MS, job.id),
    reply(id, reply, now) {
      if (reply.status === 429) {
        const attempt = (tries.get(id) ?? 0) + 1;
        tries.set(id, attempt);
        const backoff = 1_000 * 2 ** Math.min(attempt, 5) * (0.5 + 0.5 * random.next());
        due.add(
          on429 === 'reset' ? Math.max(reply.resetAt, now + 50) : Math.max(now + backoff, reply.resetAt),
          id,
        );
      } else {
        tries.delete(id);
        if (reply.reading?.status === 'executing') due.add(now + MIN_GAP_MS, id);
      }
    },
    wake(now) {
      const send: string[] = [];
      for (;;) {
        pending ??= due.next();
        const later = due.next();
        if (later !== undefined) {
          if (pending !== undefined && later.at < pending.at) {
            due.add(pending.at, pending.event);
            pending = later;
          } else due.add(later.at, later.event);
        }
        if (pending === undefined) return { send, wakeAt: Number.POSITIVE_INFINITY };
        if (pending.at > now) return { send, wakeAt: pending.at };
        send.push(pending.event);
        pending = undefined;
      }
    },
  };
}
