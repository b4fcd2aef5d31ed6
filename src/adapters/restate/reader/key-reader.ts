import type { Clock } from '../../../engine/binding/clock.js';
import { settle } from '../../../engine/binding/settle.js';
import { isKnown } from '../../../machines/reading/known-reading.js';
import type { Reply } from '../../../machines/reply.js';
import { nextReadAt, POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { KeyTools } from '../key-tools.js';
import type { SyncAnswer, WaitingJob } from '../messages.js';

/** A reading that the job does not know yet. */
export interface News {
  readonly jobId: string;
  readonly token: string;
  readonly wants: WaitingJob['wants'];
  readonly reply: Reply<void>;
  readonly ahead: Reply<StatusReading>;
}

/** Reads all waiting jobs of a key, in memory, while this process is the key's reader. */
export interface KeyReader {
  /** Applies changes of the list. */
  apply(sync: SyncAnswer): void;
  /** Resolves with new readings as soon as there are some, at the latest after `ms`, or when the attempt is over. */
  collect(ms: number): Promise<readonly News[]>;
  readonly size: number;
  /** No read is sent until the next `open`. */
  pause(): void;
  /** Allows reads. `after`: another process may have read until now, so nothing is sent for 2 s, and while a limit is closed. */
  open(after: { readonly shutMs: number } | undefined): void;
  /** Time in ms from `now` during which nothing may be sent; 0 if no limit is known to be closed. */
  shutMs(now: number): number;
  stop(): void;
}

/** The single reason for which waits end. */
const left = new Error('the job is not read here any more');

interface Followed {
  readonly job: WaitingJob;
  readonly ending: AbortController;
}

/** No limit of status reads is closed for longer ("Rate Limits"). */
const LONGEST_SHUT_MS = 90_000;
/** Readings that arrive within this time are passed on together. */
const TOGETHER_MS = 15;
/** How long the last reads of jobs that left are remembered: the jobs may come back. */
const REMEMBERED_MS = 10 * POLL_INTERVAL_MS;

/** When this process last read each job, by a clock that is never set. */
function createReadTimes(clock: Clock) {
  const times = new Map<string, number>();
  return {
    last: (jobId: string): number => times.get(jobId) ?? Number.NEGATIVE_INFINITY,
    note(jobId: string): void {
      times.delete(jobId);
      times.set(jobId, clock.now());
      const [oldest] = times;
      if (oldest !== undefined && oldest[1] < clock.now() - REMEMBERED_MS) times.delete(oldest[0]);
    },
  };
}

/** Open while this process is the key's reader. */
function createGate() {
  let isOpen = false;
  let waiting: (() => void)[] = [];
  return {
    isOpen: () => isOpen,
    open(): void {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
    shut(): void {
      isOpen = false;
    },
    pass(signal: AbortSignal): Promise<void> {
      if (isOpen) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal.addEventListener('abort', () => reject(left), { once: true });
      });
    },
    forget(): void {
      waiting = [];
    },
  };
}

export function createKeyReader(tools: KeyTools): KeyReader {
  const { clock, poller, random } = tools;
  const stamps = { clock, random };
  const followed = new Map<string, Followed>();
  const readTimes = createReadTimes(clock);
  const gate = createGate();
  let news: News[] = [];
  let onNews: (() => void) | undefined;
  let quietUntil = Number.NEGATIVE_INFINITY;

  const earliest = (jobId: string, notBefore: number): number =>
    Math.max(notBefore, nextReadAt(readTimes.last(jobId)), quietUntil);

  function deliver(one: News): void {
    news.push(one);
    onNews?.();
  }

  /** Waits for the job's turn, then checks law 3, never early again. */
  async function turn(job: WaitingJob, notBefore: number, signal: AbortSignal): Promise<void> {
    const { jobId, workflowId } = job;
    let at = earliest(jobId, notBefore);
    for (;;) {
      await poller.turn(
        { jobId, notBefore: at, ...(workflowId === undefined ? {} : { workflowId }) },
        signal,
      );
      await gate.pass(signal);
      at = earliest(jobId, notBefore);
      if (at <= clock.now()) return;
      // The turn came too early: return it and wait for another.
      poller.failed(jobId, false);
    }
  }

  async function read(job: WaitingJob, signal: AbortSignal): Promise<Reply<StatusReading>> {
    const { jobId, jobSpecId } = job;
    readTimes.note(jobId);
    const reply = await settle(stamps, () =>
      tools.getStatus({ jobSpecId }, { signal, jobId, jobFields: () => ({ jobSpecId }) }),
    );
    signal.throwIfAborted();
    readTimes.note(jobId);
    if (reply.ok) poller.observe(jobId, reply.value);
    else poller.failed(jobId, !(reply.failure.kind === 'rate-limited' && reply.failure.status === undefined));
    return reply;
  }

  async function follow(job: WaitingJob, signal: AbortSignal): Promise<void> {
    const { jobId, token, wants, known } = job;
    if (job.isFresh) poller.began(jobId);
    let notBefore = clock.now() + job.inMs;
    for (;;) {
      await turn(job, notBefore, signal);
      const ahead = await read(job, signal);
      if (!ahead.ok || known === undefined || !isKnown(known, ahead.value)) {
        followed.delete(jobId);
        return deliver({ jobId, token, wants, reply: { ok: true, value: undefined, at: ahead.at }, ahead });
      }
      notBefore = nextReadAt(ahead.at);
    }
  }

  function drop(jobId: string): void {
    const known = followed.get(jobId);
    followed.delete(jobId);
    known?.ending.abort(left);
  }

  function take(job: WaitingJob): void {
    if (followed.get(job.jobId)?.job.token === job.token) return;
    drop(job.jobId);
    const ending = new AbortController();
    followed.set(job.jobId, { job, ending });
    follow(job, ending.signal).catch(() => undefined);
  }

  function dropAll(): void {
    for (const jobId of [...followed.keys()]) drop(jobId);
    news = [];
    gate.forget();
  }

  return {
    get size() {
      return followed.size;
    },
    apply({ isFull, entered, left: gone }) {
      for (const jobId of gone) {
        drop(jobId);
        poller.forget(jobId);
      }
      if (isFull) {
        const listed = new Set(entered.map(({ jobId }) => jobId));
        for (const jobId of [...followed.keys()]) if (!listed.has(jobId)) drop(jobId);
      }
      for (const job of entered) take(job);
    },
    collect: (ms) =>
      new Promise((resolve) => {
        const hand = (): void => {
          cancel();
          onNews = undefined;
          resolve(news.splice(0));
        };
        let cancel = clock.schedule(clock.now() + ms, hand);
        const soon = (): void => {
          onNews = undefined;
          cancel();
          cancel = clock.schedule(clock.now() + TOGETHER_MS, hand);
        };
        onNews = gate.isOpen() ? soon : hand;
        if (news.length > 0) soon();
      }),
    pause: () => gate.shut(),
    shutMs(now) {
      const { blockedUntil, remaining, resetAt } = tools.governor.view();
      const until = blockedUntil ?? (remaining === 0 ? resetAt : undefined);
      return Math.min(Math.max((until ?? now) - now, 0), LONGEST_SHUT_MS);
    },
    open(after) {
      if (after !== undefined) {
        dropAll();
        quietUntil = clock.now() + Math.max(POLL_INTERVAL_MS, after.shutMs);
      }
      gate.open();
    },
    stop() {
      gate.shut();
      dropAll();
      onNews?.();
    },
  };
}
