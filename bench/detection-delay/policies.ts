import { createDueHeap, type Due } from '../../src/engine/lane/reads/forecast/due-heap.js';
import { createPollScheduler } from '../../src/engine/lane/reads/forecast/poll-scheduler.js';
import type { WorkflowHistory } from '../../src/engine/lane/reads/forecast/workflow-history.js';
import { nextRead } from '../../src/engine/lane/reads/next-read.js';
import { createPollGovernor } from '../../src/engine/lane/reads/poll-governor.js';
import { POLL_INTERVAL_MS } from '../../src/machines/states/watching.js';
import type { Random } from './random.js';
import type { SimClient } from './simulate.js';

/** What a process may know before it starts. */
export interface LaneKnowledge {
  /** Past runs by workflow; learned into. Absent: nothing is ever learned. */
  readonly history?: Map<string, WorkflowHistory>;
  readonly order?: 'index' | 'round-robin';
}

/** Ours: the governor says when, the scheduler says which. */
export function createLaneClient(random: Random, knowledge: LaneKnowledge): SimClient {
  const governor = createPollGovernor({ random: random.next });
  const { history } = knowledge;
  const sentAt = new Map<string, number>();
  const scheduler = createPollScheduler({
    ...(knowledge.order === undefined ? {} : { order: knowledge.order }),
    ...(history === undefined
      ? {}
      : {
          loadHistory: (id: string) => history.get(id),
          saveHistory: (id: string, past: WorkflowHistory) => void history.set(id, past),
        }),
  });
  return {
    begin(job, now) {
      scheduler.add({ ...job, startedAt: now });
    },
    reply(id, reply, now) {
      const { status, remaining, resetAt } = reply;
      governor.onReply({ now, sentAt: sentAt.get(id), status, remaining, resetAt });
      if (reply.reading !== undefined) scheduler.observe(id, reply.reading, now);
      if (reply.reading !== undefined && ['completed', 'failed'].includes(reply.reading.status))
        scheduler.remove(id);
      scheduler.ready(id, now);
    },
    wake(now) {
      const send: string[] = [];
      for (;;) {
        const next = nextRead(scheduler, governor, now);
        if (next === undefined) return { send, wakeAt: Number.POSITIVE_INFINITY };
        if (next.at > now) return { send, wakeAt: next.at };
        governor.onSend(now);
        sentAt.set(next.id, now);
        scheduler.started(next.id, now);
        send.push(next.id);
      }
    },
  };
}

/** Tries after which axios-retry gives an error to its caller, who tries again at the next tick. */
const RETRIES = 5;

/** `exponentialDelay` of axios-retry 4.5 with a delay factor of 1 s: it knows `Retry-After`, not `X-RateLimit-Reset`. */
function retryDelay(attempt: number, random: Random): number {
  if (attempt > RETRIES) return POLL_INTERVAL_MS;
  return 1_000 * 2 ** attempt * (1 + 0.2 * random.next());
}

/** What people write by hand: a timer per job, 2 s after each reply; after a 429 until the reset, or with a retry library's backoff. */
export function createLoopClient(random: Random, on429: 'reset' | 'backoff'): SimClient {
  const heap = createDueHeap<Due & { readonly id: string }>();
  const tries = new Map<string, number>();
  const read = (id: string, at: number): void => heap.place({ due: at, slot: -1, id });
  return {
    begin: (job, now) => read(job.id, now + POLL_INTERVAL_MS),
    reply(id, reply, now) {
      if (reply.status !== 429) {
        tries.delete(id);
        if (reply.reading?.status === 'executing') read(id, now + POLL_INTERVAL_MS);
        return;
      }
      const attempt = ((tries.get(id) ?? 0) % (RETRIES + 1)) + 1;
      tries.set(id, attempt);
      read(id, on429 === 'reset' ? Math.max(reply.resetAt, now + 50) : now + retryDelay(attempt, random));
    },
    wake(now) {
      const send: string[] = [];
      for (let first = heap.first(); ; first = heap.first()) {
        if (first === undefined) return { send, wakeAt: Number.POSITIVE_INFINITY };
        if (first.due > now) return { send, wakeAt: first.due };
        heap.remove(first);
        send.push(first.id);
      }
    },
  };
}
