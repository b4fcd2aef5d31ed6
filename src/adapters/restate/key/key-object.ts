import type { DeskEvent } from '../../../engine/lane/starts/place-desk.js';
import { planHint } from '../../../engine/lane/starts/plan-hint.js';
import type { AskAnswer, AskMessage, SyncAnswer, SyncMessage, TellMessage, WaitingJob } from '../messages.js';
import { SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type Outbox } from '../sdk/contexts.js';
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

/** What has happened to the list of waiting jobs since the reader last asked. */
interface Change {
  readonly seq: number;
  readonly jobId: string;
  /** Absent: it left. */
  readonly job?: WaitingJob;
}

interface Inbox {
  readonly seq: number;
  /** Changes up to this one are not kept any more. */
  readonly from: number;
  readonly changes: readonly Change[];
  /** A reader is there, or on its way. */
  readonly isRead?: boolean;
}

/** More than this, and the reader reads the whole list. */
const MOST_CHANGES = 500;
const ENTRY = 'w/';

/** A call's name at the desk: it leads back to the job that asked. */
const callName = (jobId: string, token: string): string => `${token}/${jobId}`;
const tokenOf = (call: string): string => call.slice(0, call.indexOf('/'));

interface KeyHandlers {
  readonly sdk: Sdk;
  readonly options: GoalWorkerOptions;
  readonly now: () => number;
}

const decodedDesk = (stored: StoredDesk | null, { options }: KeyHandlers): KeyDesk =>
  stored === null
    ? openKeyDesk({ hint: planHint(options.plan).concurrentJobs, most: options.concurrency })
    : decodeDesk(stored);

const inboxOf = async (ctx: ObjectContext): Promise<Inbox> =>
  (await ctx.get<Inbox>('inbox')) ?? { seq: 0, from: 0, changes: [] };

/** Who was let in and is not the one that asks hears of it by a message. */
function answerOthers(outbox: Outbox, outcome: DeskOutcome, now: number, own: string | undefined): void {
  const { grants, refusals, state } = outcome;
  const mayCreate = areCreatesFree(state);
  for (const { call, jobId } of grants) {
    const grant = { type: 'grant', token: tokenOf(call), mayCreate };
    if (call !== own) outbox.send(SERVICES.job, jobId, 'deliver', grant);
  }
  for (const { call, jobId, failure } of refusals) {
    if (call === own) continue;
    outbox.send(SERVICES.job, jobId, 'deliver', { type: 'refusal', token: tokenOf(call), failure, at: now });
  }
}

/** The desk is rung when something may change by time alone, and only while somebody waits. */
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

/** While the creations are spent the engine measures for how long. */
function measure(ctx: ObjectContext, outbox: Outbox, hop: Hop | undefined): void {
  if (hop !== undefined) outbox.sendSoon(SERVICES.key, ctx.key, 'hop', { round: hop.round }, hop.ms);
}

/** A key without jobs leaves nothing behind but what it has learned. */
function keepDesk(ctx: ObjectContext, desk: KeyDesk): void {
  if (isUnused(desk)) ctx.clear('desk');
  else ctx.set('desk', encodeDesk(desk));
}

/** The list with one more change; of a job only the last one counts. */
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

async function sync(ctx: ObjectContext, { after }: SyncMessage): Promise<SyncAnswer> {
  const inbox = await inboxOf(ctx);
  const { seq, from, changes } = inbox;
  if (after < from) return list(ctx);
  const news = changes.filter((change) => change.seq > after);
  if (news.length !== changes.length) ctx.set('inbox', { ...inbox, from: after, changes: news });
  const came = news.flatMap(({ job }) => (job === undefined ? [] : [job]));
  const left = news.flatMap(({ job, jobId }) => (job === undefined ? [jobId] : []));
  return { seq, isFull: false, entered: came, left };
}

/** The whole list, for a reader that begins. */
async function list(ctx: ObjectContext): Promise<SyncAnswer> {
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

/** A key's places, creations of the day and priorities, and who waits for news: the pure desk of the lane, and a list. */
export function keyObject({ sdk, options, now: clock }: KeyHandlers) {
  const parts: KeyHandlers = { sdk, options, now: clock };
  const now = (ctx: ObjectContext): Promise<number> => ctx.run('now', clock);

  async function ask(ctx: ObjectContext, message: AskMessage): Promise<AskAnswer> {
    const { jobId, token, may, queue, now: at } = message;
    const outbox = createOutbox(sdk, ctx);
    const call = callName(jobId, token);
    const type = may === 'start' ? 'turn' : 'create';
    const event =
      type === 'turn' ? ({ type, call, jobId, ...queue } as const) : ({ type, call, jobId } as const);
    const outcome = atDesk(decodedDesk(await ctx.get('desk'), parts), [event], at);
    keepDesk(ctx, withAlarm(ctx, outbox, outcome, at));
    answerOthers(outbox, outcome, at, call);
    if (outcome.grants.some((grant) => grant.call === call)) {
      return { answer: 'granted', mayCreate: areCreatesFree(outcome.state) };
    }
    const refusal = outcome.refusals.find((refused) => refused.call === call);
    return refusal === undefined ? { answer: 'later' } : { answer: 'refused', failure: refusal.failure };
  }

  /** What happened at the desk, and all that follows from it. */
  function happened(ctx: ObjectContext, before: KeyDesk, events: readonly DeskEvent[], at: number): void {
    const outbox = createOutbox(sdk, ctx);
    const outcome = atDesk(before, events, at);
    keepDesk(ctx, withAlarm(ctx, outbox, outcome, at));
    answerOthers(outbox, outcome, at, undefined);
  }

  async function tell(ctx: ObjectContext, message: TellMessage): Promise<void> {
    const { events, isCreateKnown, enter, leave, now: at } = message;
    // Both are asked for before the first is waited for: one way to the engine and back.
    const desk = events.length > 0 || isCreateKnown === true ? ctx.get<StoredDesk>('desk') : undefined;
    const inbox = enter !== undefined || leave !== undefined ? inboxOf(ctx) : undefined;
    if (desk !== undefined) {
      const known = informedDesk(decodedDesk(await desk, parts), message, at);
      measure(ctx, createOutbox(sdk, ctx), known.hop);
      happened(ctx, known.desk, events, at);
    }
    if (inbox === undefined) return;
    let list = await inbox;
    if (enter !== undefined) list = entered(ctx, createOutbox(sdk, ctx), list, enter);
    if (leave !== undefined) list = without(ctx, list, leave);
    ctx.set('inbox', list);
  }

  /** The time for which the desk asked has come, whatever the clock of this machine says. */
  async function tick(ctx: ObjectContext, { at }: { readonly at: number }): Promise<void> {
    const { alarmAt: _, ...desk } = decodedDesk(await ctx.get('desk'), parts);
    happened(ctx, desk, [{ type: 'tick' }], Math.max(at, await now(ctx)));
  }

  /** A part of the time for which the creations are spent has passed. */
  async function hop(ctx: ObjectContext, { round }: Pick<Hop, 'round'>): Promise<void> {
    const next = hoppedDesk(decodedDesk(await ctx.get('desk'), parts), round);
    if (next === undefined) return;
    measure(ctx, createOutbox(sdk, ctx), next.hop);
    happened(ctx, next.desk, [{ type: 'tick' }], await now(ctx));
  }

  /** Ends the reading where nobody waits; asked by the reader, so that nobody can enter in between. */
  async function rest(ctx: ObjectContext): Promise<boolean> {
    const isIdle = !(await ctx.stateKeys()).some((name) => name.startsWith(ENTRY));
    if (isIdle) ctx.clear('inbox');
    return isIdle;
  }

  const { exclusive } = sdk.handlers.object;
  const lazy = { enableLazyState: true, ingressPrivate: true };
  return sdk.object({
    name: SERVICES.key,
    handlers: {
      ask: exclusive(lazy, ask),
      tell: exclusive(lazy, tell),
      tick: exclusive(lazy, tick),
      hop: exclusive(lazy, hop),
      sync: exclusive(lazy, sync),
      rest: exclusive(lazy, rest),
      list: exclusive({ ingressPrivate: true }, list),
    },
  });
}
