import type { Limiter } from './limiters.js';
import type { Random } from './random.js';
import { createTimeline, type Timeline } from './timeline.js';
import { createJob, type ProgressKind, type SimJob, type SimWorkflow } from './world.js';

export interface SimReply {
  readonly status: 200 | 429;
  readonly remaining: number;
  /** Epoch ms. */
  readonly resetAt: number;
  /** Present with 200. */
  readonly reading?: { readonly status: string; readonly progress?: number };
}

/** A process that follows jobs: receives what happens, returns what to send. */
export interface SimClient {
  /** A stretch of execution began (its confirm was answered). */
  begin(job: { readonly id: string; readonly workflowId: string }, now: number): void;
  reply(id: string, reply: SimReply, now: number): void;
  /** Jobs to read now, and when to ask again. Asked after every event of the client, too. */
  wake(now: number): { readonly send: readonly string[]; readonly wakeAt: number };
}

export interface Setup {
  readonly random: Random;
  readonly workflows: readonly SimWorkflow[];
  readonly limiter: Limiter;
  /** Each with the number of jobs that it runs at a time. */
  readonly clients: readonly { readonly client: SimClient; readonly concurrency: number }[];
  readonly horizonMs: number;
  readonly roundTripMs: number;
}

export interface SeenChange {
  readonly kind: ProgressKind;
  readonly delayMs: number;
}

export interface Outcome {
  readonly changes: readonly SeenChange[];
  /** Mean number of jobs that the server was executing. */
  readonly executing: number;
  readonly refusals: number;
  readonly reads: number;
  /** Longest time between two reads (or start and first read) of a job while it was followed, in ms. */
  readonly longestGapMs: number;
  readonly finished: number;
  /** Least time between a reply and the next read of the same job, in ms. */
  readonly shortestGapMs: number;
}

/** Changes in the last minute of the run are left out: a slow policy could not have seen them. */
const TAIL_MS = 60_000;
const START = 1_700_000_000_000;

interface Running {
  readonly id: string;
  readonly job: SimJob;
  readonly owner: number;
  segment: number;
  startedAt: number;
  endsAt: number;
  activeBefore: number;
  seenAt: number;
}

type Event =
  | { readonly type: 'start'; readonly running: Running }
  | { readonly type: 'wake'; readonly owner: number; readonly token: number }
  | { readonly type: 'arrive'; readonly owner: number; readonly running: Running }
  | { readonly type: 'reply'; readonly owner: number; readonly running: Running; readonly reply: SimReply };

interface Tally {
  changes: SeenChange[];
  executingMs: number;
  refusals: number;
  reads: number;
  longestGapMs: number;
  shortestGapMs: number;
  finished: number;
}

/** Runs jobs on a server, with a new one in each place that becomes free, until the horizon; all in virtual time. */
export function simulate(setup: Setup): Outcome {
  const { clients, horizonMs } = setup;
  const end = START + horizonMs;
  const timeline: Timeline<Event> = createTimeline();
  const tally: Tally = {
    changes: [],
    executingMs: 0,
    refusals: 0,
    reads: 0,
    longestGapMs: 0,
    shortestGapMs: 1e9,
    finished: 0,
  };
  const followed = new Map<string, Running>();
  const tokens = clients.map(() => 0);
  const wakes = clients.map(() => Number.POSITIVE_INFINITY);
  let names = 0;

  function launch(owner: number, now: number): void {
    const { random, workflows } = setup;
    const workflow = workflows[Math.floor(random.next() * workflows.length)];
    if (workflow === undefined) return;
    const job = createJob(workflow, random);
    names += 1;
    const running: Running = {
      id: `j${names}`,
      job,
      owner,
      segment: 0,
      startedAt: 0,
      endsAt: 0,
      activeBefore: 0,
      seenAt: 0,
    };
    timeline.add(now + 1_000 + random.exponential(2_000), { type: 'start', running });
  }

  function start(running: Running, now: number): void {
    running.startedAt = now;
    running.seenAt = now;
    running.endsAt = now + (running.job.segments[running.segment] ?? 0);
    tally.executingMs += Math.max(Math.min(running.endsAt, end) - now, 0);
    followed.set(running.id, running);
    clients[running.owner]?.client.begin({ id: running.id, workflowId: running.job.workflow.id }, now);
  }

  function ask(owner: number, now: number): void {
    const client = clients[owner]?.client;
    if (client === undefined) return;
    const { send, wakeAt } = client.wake(now);
    for (const id of send) {
      const running = followed.get(id);
      if (running === undefined) throw new Error(`read of a job that is not followed: ${id}`);
      timeline.add(now + setup.roundTripMs / 2, { type: 'arrive', owner, running });
    }
    const due = wakes[owner] ?? 0;
    if (wakeAt >= due && due > now) return;
    tokens[owner] = (tokens[owner] ?? 0) + 1;
    wakes[owner] = wakeAt;
    if (wakeAt < Number.POSITIVE_INFINITY)
      timeline.add(Math.max(wakeAt, now), { type: 'wake', owner, token: tokens[owner] ?? 0 });
  }

  function arrive(owner: number, running: Running, now: number): void {
    const { allowed, remaining, resetAt } = setup.limiter(now);
    tally.reads += 1;
    const back = now + setup.roundTripMs / 2;
    if (!allowed) {
      tally.refusals += 1;
      timeline.add(back, { type: 'reply', owner, running, reply: { status: 429, remaining, resetAt } });
      return;
    }
    const gap = now - running.seenAt;
    tally.longestGapMs = Math.max(tally.longestGapMs, gap);
    if (running.seenAt !== running.startedAt) tally.shortestGapMs = Math.min(tally.shortestGapMs, gap);
    running.seenAt = now;
    timeline.add(back, {
      type: 'reply',
      owner,
      running,
      reply: { status: 200, remaining, resetAt, reading: readingOf(running, now) },
    });
  }

  function reply(running: Running, answer: SimReply, now: number): void {
    const changed = answer.reading !== undefined && answer.reading.status !== 'executing';
    if (changed) {
      followed.delete(running.id);
      if (running.endsAt < end - TAIL_MS)
        tally.changes.push({ kind: running.job.workflow.kind, delayMs: now - running.endsAt });
    }
    clients[running.owner]?.client.reply(running.id, answer, now);
    if (changed) advance(running, now);
  }

  function advance(running: Running, now: number): void {
    running.activeBefore += running.job.segments[running.segment] ?? 0;
    running.segment += 1;
    if (running.segment < running.job.segments.length) {
      timeline.add(now + 2_000 + setup.random.exponential(15_000), { type: 'start', running });
      return;
    }
    tally.finished += 1;
    launch(running.owner, now);
  }

  clients.forEach(({ concurrency }, owner) => {
    for (let place = 0; place < concurrency; place += 1) launch(owner, START);
  });
  for (let next = timeline.next(); next !== undefined && next.at < end; next = timeline.next()) {
    const { at, event } = next;
    if (event.type === 'start') {
      start(event.running, at);
      ask(event.running.owner, at);
    } else if (event.type === 'wake') {
      if (tokens[event.owner] !== event.token) continue;
      wakes[event.owner] = Number.POSITIVE_INFINITY;
      ask(event.owner, at);
    } else if (event.type === 'arrive') arrive(event.owner, event.running, at);
    else {
      reply(event.running, event.reply, at);
      ask(event.owner, at);
    }
  }
  for (const running of followed.values()) {
    if (running.endsAt >= end - TAIL_MS) continue;
    tally.changes.push({ kind: running.job.workflow.kind, delayMs: end - running.endsAt });
  }
  const { executingMs, ...rest } = tally;
  return { ...rest, executing: executingMs / horizonMs };
}

function readingOf(running: Running, now: number): { readonly status: string; readonly progress?: number } {
  const { job } = running;
  const progress = job.progressAt(running.activeBefore + Math.min(now, running.endsAt) - running.startedAt);
  const said = progress === undefined ? {} : { progress };
  if (now < running.endsAt) return { status: 'executing', ...said };
  if (running.segment < job.segments.length - 1) return { status: 'slot_needed', ...said };
  return job.fails ? { status: 'failed', ...said } : { status: 'completed', ...said };
}
