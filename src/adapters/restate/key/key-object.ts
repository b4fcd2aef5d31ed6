import type { DeskEvent } from '../../../engine/lane/starts/desk-events.js';
import { planHint } from '../../../engine/lane/starts/plan-hint.js';
import { defined } from '../../../services/defined.js';
import type {
  AskAnswer,
  AskMessage,
  ReportMessage,
  ShutLimit,
  SyncAnswer,
  SyncMessage,
  WaitingJob,
} from '../messages.js';
import { deskCall, SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type ObjectSharedContext, type Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { GoalWorkerOptions } from '../worker-options.js';
import {
  areCreatesFree,
  atDesk,
  type DeskOutcome,
  decodeDesk,
  encodeDesk,
  type Hop,
  hoppedDesk,
  informedDesk,
  isUnused,
  type KeyDesk,
  openKeyDesk,
  type StoredDesk,
} from './key-desk.js';
import { withoutReport } from './shut-limits.js';

/** A change of the list of waiting jobs since the reader's last request. */
interface Change {
  readonly seq: number;
  readonly jobId: string;
  /** Absent if the job left. */
  readonly job?: WaitingJob;
}

interface Inbox {
  readonly seq: number;
  /** Changes up to this one are no longer stored. */
  readonly from: number;
  readonly changes: readonly Change[];
  /** A reader is running or about to start. */
  readonly isRead?: boolean;
}

/** After more changes than this, the reader reads the whole list. */
const MOST_CHANGES = 500;
const ENTRY = 'w/';

const tokenOf = (call: string): string => call.slice(0, call.indexOf('/'));

interface KeyHandlers {
  readonly sdk: Sdk;
  readonly options: GoalWorkerOptions;
  readonly now: () => number;
  /** The release of this worker. */
  readonly release: string;
}

const decodedDesk = (stored: StoredDesk | null, { options }: KeyHandlers): KeyDesk =>
  stored === null
    ? openKeyDesk({ hint: planHint(options.plan).concurrentJobs, most: options.concurrency })
    : decodeDesk(stored);

const NO_CHANGES: Inbox = { seq: 0, from: 0, changes: [] };

const inboxOf = async (ctx: ObjectContext): Promise<Inbox> => (await ctx.get<Inbox>('inbox')) ?? NO_CHANGES;

/** Sends messages to jobs whose requests were granted, except the one that is asking now. */
function answerOthers(outbox: Outbox, outcome: DeskOutcome, now: number, own: string | undefined): void {
  const { grants, refusals, state } = outcome;
  const mayCreate = areCreatesFree(state);
  for (const { call, jobId, withCreate } of grants) {
    const grant = { type: 'grant', token: tokenOf(call), mayCreate, ...defined({ withCreate }) };
    if (call !== own) outbox.send(SERVICES.job, jobId, 'deliver', grant);
  }
  for (const { call, jobId, failure } of refusals) {
    if (call === own) continue;
    outbox.send(SERVICES.job, jobId, 'deliver', { type: 'refusal', token: tokenOf(call), failure, at: now });
  }
}

/** Sets the engine's alarm for the next time when the desk may change by time alone, only while a job waits. */
function withAlarm(
  ctx: ObjectContext,
  outbox: Outbox,
  { state, alarmAt: at }: DeskOutcome,
  now: number,
): KeyDesk {
  const { alarmAt: set } = state;
  if (at === null || (set !== undefined && set > now && set <= at)) return state;
  outbox.sendSoon(SERVICES.key, ctx.key, 'tick', { at }, at - now);
  return { ...state, alarmAt: at };
}

/** While the creations are used up, the engine measures how long. */
function measure(ctx: ObjectContext, outbox: Outbox, hop: Hop | undefined): void {
  if (hop !== undefined) outbox.sendSoon(SERVICES.key, ctx.key, 'hop', { round: hop.round }, hop.ms);
}

/** For a key without jobs, only what was learned stays stored. */
function keepDesk(ctx: ObjectContext, desk: KeyDesk): void {
  if (isUnused(desk)) ctx.clear('desk');
  else ctx.set('desk', encodeDesk(desk));
}

/** Appends a change to the list; of each job only the last one is kept. */
function noted(inbox: Inbox, change: Omit<Change, 'seq'>): Inbox {
  const seq = inbox.seq + 1;
  const all = [...inbox.changes.filter(({ jobId }) => jobId !== change.jobId), { ...change, seq }];
  const from = all.at(-MOST_CHANGES - 1)?.seq ?? inbox.from;
  return { ...inbox, seq, from, changes: all.slice(-MOST_CHANGES) };
}

function entered(ctx: ObjectContext, outbox: Outbox, inbox: Inbox, job: WaitingJob): Inbox {
  ctx.set(`${ENTRY}${job.jobId}`, job);
  if (inbox.isRead !== true) outbox.send(SERVICES.reader, ctx.key, 'shift', {});
  return { ...noted(inbox, { jobId: job.jobId, job }), isRead: true };
}

function without(ctx: ObjectContext, inbox: Inbox, jobId: string): Inbox {
  ctx.clear(`${ENTRY}${jobId}`);
  return noted(inbox, { jobId });
}

async function changesOf(ctx: ObjectContext, { after }: SyncMessage): Promise<SyncAnswer> {
  const inbox = await inboxOf(ctx);
  const { seq, from, changes } = inbox;
  if (after < from) return wholeList(ctx);
  const newer = changes.filter((change) => change.seq > after);
  if (newer.length !== changes.length) ctx.set('inbox', { ...inbox, from: after, changes: newer });
  const came = newer.flatMap(({ job }) => (job === undefined ? [] : [job]));
  const left = newer.flatMap(({ job, jobId }) => (job === undefined ? [jobId] : []));
  return { seq, isFull: false, entered: came, left };
}

/** The whole list, for a new reader. */
async function wholeList(ctx: ObjectContext): Promise<SyncAnswer> {
  const inbox = await inboxOf(ctx);
  const { seq } = inbox;
  const names = (await ctx.stateKeys()).filter((name) => name.startsWith(ENTRY));
  const jobs: WaitingJob[] = [];
  for (const name of names) {
    const job = await ctx.get<WaitingJob>(name);
    if (job !== null) jobs.push(job);
  }
  ctx.set('inbox', { ...inbox, from: seq, changes: [] });
  return { seq, isFull: true, entered: jobs, left: [] };
}

/**
 * The places, creations of the day and priorities of a key, and its jobs that wait for a status: the lane's pure desk, and a
 * list.
 */
export function keyObject(parts: KeyHandlers) {
  const { sdk, now: clock, release } = parts;
  const now = (ctx: ObjectContext): Promise<number> => ctx.run('now', clock);

  async function ask(ctx: ObjectContext, message: AskMessage): Promise<AskAnswer> {
    const { jobId, token, may, queue, withCreate = false, now: at } = message;
    const outbox = createOutbox(sdk, ctx);
    const call = deskCall(jobId, token);
    const type = may === 'start' ? 'turn' : 'create';
    const event: DeskEvent =
      type === 'turn' ? { type, call, jobId, ...queue, withCreate } : { type, call, jobId };
    const outcome = atDesk(decodedDesk(await ctx.get('desk'), parts), [event], at);
    keepDesk(ctx, withAlarm(ctx, outbox, outcome, at));
    answerOthers(outbox, outcome, at, call);
    const granted = outcome.grants.find((grant) => grant.call === call);
    if (granted !== undefined) {
      const mayCreate = areCreatesFree(outcome.state);
      return { answer: 'granted', mayCreate, withCreate: granted.withCreate === true };
    }
    const refusal = outcome.refusals.find((refused) => refused.call === call);
    return refusal === undefined ? { answer: 'later' } : { answer: 'refused', failure: refusal.failure };
  }

  /** Applies events at the desk, with all their consequences. */
  function happened(ctx: ObjectContext, before: KeyDesk, events: readonly DeskEvent[], at: number): void {
    const outbox = createOutbox(sdk, ctx);
    const outcome = atDesk(before, events, at);
    keepDesk(ctx, withAlarm(ctx, outbox, outcome, at));
    answerOthers(outbox, outcome, at, undefined);
  }

  async function report(ctx: ObjectContext, message: ReportMessage): Promise<void> {
    const { events, isCreateKnown, enter, leave, now: at } = message;
    // Both are requested before the first is awaited, which takes only one round trip. They are awaited one after the other: the
    // SDK fails an attempt that awaits two at once.
    const desk = events.length > 0 || isCreateKnown === true ? ctx.get<StoredDesk>('desk') : undefined;
    const inbox = enter !== undefined || leave !== undefined ? ctx.get<Inbox>('inbox') : undefined;
    if (desk !== undefined) {
      const known = informedDesk(decodedDesk(await desk, parts), message, at);
      measure(ctx, createOutbox(sdk, ctx), known.hop);
      happened(ctx, known.desk, events, at);
    }
    if (inbox === undefined) return;
    let list = (await inbox) ?? NO_CHANGES;
    if (enter !== undefined) list = entered(ctx, createOutbox(sdk, ctx), list, enter);
    if (leave !== undefined) list = without(ctx, list, leave);
    ctx.set('inbox', list);
  }

  /** The alarm of the desk, regardless of this machine's clock. */
  async function tick(ctx: ObjectContext, { at }: { readonly at: number }): Promise<void> {
    const { alarmAt: _, ...desk } = decodedDesk(await ctx.get('desk'), parts);
    happened(ctx, desk, [{ type: 'tick' }], Math.max(at, await now(ctx)));
  }

  /** One part of the time until the creations open again has passed. */
  async function hop(ctx: ObjectContext, { round }: Pick<Hop, 'round'>): Promise<void> {
    const next = hoppedDesk(decodedDesk(await ctx.get('desk'), parts), round);
    if (next === undefined) return;
    measure(ctx, createOutbox(sdk, ctx), next.hop);
    happened(ctx, next.desk, [{ type: 'tick' }], await now(ctx));
  }

  /** Ends the reading if no job waits; the reader calls this, so that no job can enter in between. */
  async function rest(ctx: ObjectContext): Promise<boolean> {
    const isIdle = !(await ctx.stateKeys()).some((name) => name.startsWith(ENTRY));
    if (isIdle) ctx.clear('inbox');
    return isIdle;
  }

  const shutOf = async (ctx: ObjectSharedContext): Promise<readonly ShutLimit[]> =>
    (await ctx.get<readonly ShutLimit[]>('shut')) ?? [];

  /** Limits that a reply has shut, for all processes; the engine measures how long. */
  async function shut(ctx: ObjectContext, reports: readonly ShutLimit[]): Promise<void> {
    ctx.set('shut', [...(await shutOf(ctx)), ...reports]);
    const outbox = createOutbox(sdk, ctx);
    for (const { endpoint, at, forMs } of reports)
      outbox.sendSoon(SERVICES.key, ctx.key, 'reopen', { endpoint, at }, forMs);
  }

  async function reopen(ctx: ObjectContext, report: Pick<ShutLimit, 'endpoint' | 'at'>): Promise<void> {
    const limits = withoutReport(await shutOf(ctx), report);
    if (limits.length > 0) ctx.set('shut', limits);
    else ctx.clear('shut');
  }

  const list = async (ctx: ObjectContext): Promise<SyncAnswer> => ({ ...(await wholeList(ctx)), release });
  const sync = async (ctx: ObjectContext, message: SyncMessage): Promise<SyncAnswer> => ({
    ...(await changesOf(ctx, message)),
    release,
  });

  const { exclusive, shared } = sdk.handlers.object;
  // The engine assigns each client request its own idempotency key, and would keep its answer for a day.
  const forgotten = { enableLazyState: true, idempotencyRetention: 1 };
  const lazy = { enableLazyState: true, ingressPrivate: true };
  return sdk.object({
    name: SERVICES.key,
    handlers: {
      ask: exclusive(lazy, ask),
      report: exclusive(lazy, report),
      tick: exclusive(lazy, tick),
      hop: exclusive(lazy, hop),
      shut: exclusive(forgotten, shut),
      reopen: exclusive(lazy, reopen),
      limits: shared(forgotten, shutOf),
      sync: exclusive(lazy, sync),
      rest: exclusive(lazy, rest),
      list: exclusive({ ingressPrivate: true }, list),
    },
  });
}
