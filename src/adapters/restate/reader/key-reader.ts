import type { Clock } from '../../../engine/binding/clock.js';
import { settle } from '../../../engine/binding/settle.js';
import type { LimitFacts } from '../../../engine/lane/reads/limit-model.js';
import { isKnown } from '../../../machines/reading/known-reading.js';
import type { Reply } from '../../../machines/reply.js';
import { nextReadAt, POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import { defined } from '../../../services/defined.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { KeyTools } from '../key-tools.js';
import type { SyncAnswer, WaitingJob } from '../messages.js';

/** A reading that the job does not know yet. */
export interface ReadingUpdate {
  readonly jobId: string;
  readonly token: string;
  readonly wants: WaitingJob['wants'];
  readonly reply: Reply<void>;
  readonly ahead: Reply<StatusReading>;
}

/** What a reader passes to the next one about its reads, in durations: the clocks of two machines differ. */
export interface RecentReads {
  /** Jobs that may not be read again yet, and how long ago (ms) they were read. */
  readonly jobs: readonly (readonly [jobId: string, agoMs: number])[];
  /** How many reads there were within a minute, the longest window of a limit. */
  readonly withinMinute: number;
  /** What the replies have shown of the limit. */
  readonly limit?: LimitFacts | undefined;
}

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

/** The single reason for which waits end. */
const left = new Error('the job is not read here any more');

interface Followed {
  readonly job: WaitingJob;
  readonly ending: AbortController;
}

/** No limit of status reads is closed for longer ("Rate Limits"). */
const LONGEST_SHUT_MS = 90_000;
const MINUTE_MS = 60_000;
/** Readings that arrive within this time are passed on together. */
const TOGETHER_MS = 15;
/** How long the last reads of jobs that left are remembered: the jobs may come back. */
const REMEMBERED_MS = 10 * POLL_INTERVAL_MS;

/** When this process last read each job, by a clock that is never set. */
function createReadTimes(clock: Clock) {
  const times = new Map<string, number>();
  const sent: number[] = [];
  return {
    last: (jobId: string): number => times.get(jobId) ?? Number.NEGATIVE_INFINITY,
    recent: (): RecentReads => {
      const now = clock.now();
      const ages = [...times].map(([jobId, at]) => [jobId, Math.floor(now - at)] as const);
      const withinMinute = sent.filter((at) => at > now - MINUTE_MS).length;
      return { jobs: ages.filter(([, agoMs]) => agoMs < POLL_INTERVAL_MS), withinMinute };
    },
    /** Reads that were sent, by whichever process. */
    count(reads: number): void {
      const now = clock.now();
      while ((sent[0] ?? now) <= now - MINUTE_MS) sent.shift();
      for (let read = 0; read < reads; read += 1) sent.push(now);
    },
    note(jobId: string, agoMs = 0): void {
      times.delete(jobId);
      times.set(jobId, clock.now() - agoMs);
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
  const { clock, governor, poller, random } = tools;
  const stamps = { clock, random };
  const followed = new Map<string, Followed>();
  const readTimes = createReadTimes(clock);
  const gate = createGate();
  let updates: ReadingUpdate[] = [];
  let onUpdate: (() => void) | undefined;
  /** Ends the collect that waits, without updates: they are for the next one. */
  let release: (() => void) | undefined;
  let quietUntil = Number.NEGATIVE_INFINITY;

  const earliest = (jobId: string, notBefore: number): number =>
    Math.max(notBefore, nextReadAt(readTimes.last(jobId)), quietUntil);

  function deliver(one: ReadingUpdate): void {
    updates.push(one);
    onUpdate?.();
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
    const { jobId, jobSpecId, fields = { jobSpecId } } = job;
    readTimes.note(jobId);
    readTimes.count(1);
    const reply = await settle(stamps, () =>
      tools.getStatus({ jobSpecId }, { signal, jobId, jobFields: () => fields }),
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
      if (!gate.isOpen()) {
        // Closed at the same moment: the next reader was informed that this job is not being read.
        poller.failed(jobId, false);
        continue;
      }
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
    follow(job, ending.signal).catch(() => {
      // Otherwise it would be taken for one that is being read.
      if (followed.get(job.jobId)?.ending === ending) followed.delete(job.jobId);
    });
  }

  function takeOver({ jobs, withinMinute, limit }: RecentReads): void {
    // Counted from now, they were read a little longer ago than this says.
    for (const [jobId, agoMs] of jobs) readTimes.note(jobId, agoMs);
    readTimes.count(withinMinute);
    governor.takeOver(clock.now(), withinMinute, limit);
  }

  function dropAll(): void {
    for (const jobId of [...followed.keys()]) drop(jobId);
    updates = [];
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
        release?.();
        const end = (collected: readonly ReadingUpdate[]): void => {
          cancel();
          onUpdate = undefined;
          release = undefined;
          resolve(collected);
        };
        const hand = (): void => end(updates.splice(0));
        release = () => end([]);
        let cancel = clock.schedule(clock.now() + ms, hand);
        const soon = (): void => {
          onUpdate = undefined;
          cancel();
          cancel = clock.schedule(clock.now() + TOGETHER_MS, hand);
        };
        onUpdate = gate.isOpen() ? soon : hand;
        if (updates.length > 0) soon();
      }),
    pause: () => gate.shut(),
    recent: () => ({ ...readTimes.recent(), ...defined({ limit: governor.facts() }) }),
    shutMs(now) {
      const { blockedUntil, remaining, resetAt } = governor.view();
      const until = blockedUntil ?? (remaining === 0 ? resetAt : undefined);
      // What the last reader received holds, even if this one has read nothing since.
      return Math.min(Math.max((until ?? now) - now, quietUntil - now, 0), LONGEST_SHUT_MS);
    },
    open(after) {
      release?.();
      if (after !== undefined) {
        dropAll();
        const { recent, shutMs } = after;
        if (recent !== undefined) takeOver(recent);
        quietUntil = clock.now() + Math.max(recent === undefined ? POLL_INTERVAL_MS : 0, shutMs);
      }
      gate.open();
    },
    stop() {
      gate.shut();
      dropAll();
      onUpdate?.();
    },
  };
}
