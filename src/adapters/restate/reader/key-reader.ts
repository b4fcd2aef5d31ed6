import { isKnown } from '../../../machines/reading/known-reading.js';
import { nextReadAt, POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import { defined } from '../../../services/defined.js';
import type { KeyTools } from '../key-tools.js';
import type { SyncAnswer, WaitingJob } from '../messages.js';
import { JobReads } from './job-reads.js';
import { createReadTimes, type ReadTimes, type RecentReads } from './read-times.js';
import { createReaderGate, left } from './reader-gate.js';
import { createUpdateQueue, type ReadingUpdate } from './update-queue.js';

/** Reads all waiting jobs of a key, in memory, while this process is the key's reader. */
export interface KeyReader {
  /** Applies changes of the list. */
  apply(sync: SyncAnswer): void;
  /** Resolves with new readings as soon as there are some, at the latest after `ms`, or when the attempt is over. */
  collect(ms: number): Promise<readonly ReadingUpdate[]>;
  readonly size: number;
  /** No read is sent until the next `open`. */
  pause(): void;
  /**
   * Reads may leave. `after`: another process has read until now. Where it was `recent`ly is known, those jobs wait; where not, nothing leaves
   * for 2 s. Nor does anything while a limit is shut.
   */
  open(after: { readonly shutMs: number; readonly recent: RecentReads | undefined } | undefined): void;
  recent(): RecentReads;
  /** For so many ms from `now` nothing may be sent; 0: no limit is known to be shut. */
  shutMs(now: number): number;
  stop(): void;
}

interface Followed {
  readonly job: WaitingJob;
  readonly ending: AbortController;
}

/** No limit of status reads is closed for longer ("Rate Limits"). */
const LONGEST_SHUT_MS = 90_000;

/** The jobs that are read here, each until its status is news to it. */
function createFollowedJobs(
  { clock, poller }: KeyTools,
  reads: JobReads,
  onUpdate: (update: ReadingUpdate) => void,
) {
  const followed = new Map<string, Followed>();

  async function follow(job: WaitingJob, signal: AbortSignal): Promise<void> {
    const { jobId, token, wants, known } = job;
    if (job.isFresh) poller.began(jobId);
    let notBefore = clock.now() + job.inMs;
    for (;;) {
      const ahead = await reads.next(job, notBefore, signal);
      // Dropped meanwhile: another of the same id may be followed already.
      signal.throwIfAborted();
      if (!ahead.ok || known === undefined || !isKnown(known, ahead.value)) {
        followed.delete(jobId);
        return onUpdate({ jobId, token, wants, reply: { ok: true, value: undefined, at: ahead.at }, ahead });
      }
      notBefore = nextReadAt(ahead.at);
    }
  }

  function drop(jobId: string): void {
    const known = followed.get(jobId);
    followed.delete(jobId);
    known?.ending.abort(left);
  }

  return {
    size: () => followed.size,
    drop,
    dropAllBut(listed: ReadonlySet<string>): void {
      for (const jobId of [...followed.keys()]) if (!listed.has(jobId)) drop(jobId);
    },
    take(job: WaitingJob): void {
      if (followed.get(job.jobId)?.job.token === job.token) return;
      drop(job.jobId);
      const ending = new AbortController();
      followed.set(job.jobId, { job, ending });
      follow(job, ending.signal).catch(() => {
        // Otherwise it would be taken for one that is being read.
        if (followed.get(job.jobId)?.ending === ending) followed.delete(job.jobId);
      });
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

/** For so many ms from `now` the governor sends nothing, or nothing was to be sent anyway. */
function shutFor({ governor }: KeyTools, quietUntil: number, now: number): number {
  const { blockedUntil, remaining, resetAt } = governor.view();
  const until = blockedUntil ?? (remaining === 0 ? resetAt : undefined);
  // What the last reader received holds, even if this one has read nothing since.
  return Math.min(Math.max((until ?? now) - now, quietUntil - now, 0), LONGEST_SHUT_MS);
}

/** Continues after the reads of another process. */
function takeOver({ governor, clock }: KeyTools, times: ReadTimes, recent: RecentReads): void {
  const { jobs, withinMinute, limit } = recent;
  // Counted from now, they were read a little longer ago than this says.
  for (const [jobId, agoMs] of jobs) times.note(jobId, agoMs);
  times.count(withinMinute);
  governor.takeOver(clock.now(), withinMinute, limit);
}

export function createKeyReader(tools: KeyTools): KeyReader {
  const { clock, governor, poller } = tools;
  const readTimes = createReadTimes(clock);
  const gate = createReaderGate();
  const updates = createUpdateQueue(clock, gate.isOpen);
  const reads = new JobReads(tools, gate, readTimes);
  const followed = createFollowedJobs(tools, reads, updates.add);

  function dropAll(): void {
    followed.dropAllBut(NONE);
    updates.clear();
    gate.forget();
  }

  return {
    get size() {
      return followed.size();
    },
    apply({ isFull, entered, left: gone }) {
      for (const jobId of gone) {
        followed.drop(jobId);
        poller.forget(jobId);
      }
      if (isFull) followed.dropAllBut(new Set(entered.map(({ jobId }) => jobId)));
      for (const job of entered) followed.take(job);
    },
    collect: updates.collect,
    pause: gate.shut,
    recent: () => ({ ...readTimes.recent(), ...defined({ limit: governor.facts() }) }),
    shutMs: (now) => shutFor(tools, reads.quietUntil, now),
    open(after) {
      updates.releaseCollector();
      if (after !== undefined) {
        dropAll();
        const { recent, shutMs } = after;
        if (recent !== undefined) takeOver(tools, readTimes, recent);
        reads.quietUntil = clock.now() + Math.max(recent === undefined ? POLL_INTERVAL_MS : 0, shutMs);
      }
      gate.open();
    },
    stop() {
      gate.shut();
      dropAll();
      updates.wakeCollector();
    },
  };
}
