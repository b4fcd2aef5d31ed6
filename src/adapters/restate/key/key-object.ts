import { placesOf, waitingTurns } from '../../../engine/lane/starts/place-desk.js';
import { planHint } from '../../../engine/lane/starts/plan-hint.js';
import type { AskAnswer, AskMessage, SyncAnswer, SyncMessage, TellMessage, WaitingJob } from '../messages.js';
import { SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { GoalWorkerOptions } from '../worker-options.js';
import { areCreatesFree, atDesk, type DeskOutcome, type KeyDesk, openKeyDesk } from './key-desk.js';

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

const deskOf = async (ctx: ObjectContext, { options }: KeyHandlers): Promise<KeyDesk> =>
  (await ctx.get<KeyDesk>('desk')) ??
  openKeyDesk({ hint: planHint(options.plan).concurrentJobs, most: options.concurrency });

const inboxOf = async (ctx: ObjectContext): Promise<Inbox> =>
  (await ctx.get<Inbox>('inbox')) ?? { seq: 0, from: 0, changes: [] };

/** Who was let in and is not the one that asks hears of it by a message. */
function answerOthers(outbox: Outbox, outcome: DeskOutcome, own: string | undefined): void {
  const { grants, refusals, state } = outcome;
  const mayCreate = areCreatesFree(state);
  for (const { call, jobId } of grants) {
    const grant = { type: 'grant', token: tokenOf(call), mayCreate };
    if (call !== own) outbox.send(SERVICES.job, jobId, 'deliver', grant);
  }
  for (const { call, jobId, failure } of refusals) {
    if (call === own) continue;
    outbox.send(SERVICES.job, jobId, 'deliver', { type: 'refusal', token: tokenOf(call), failure });
  }
}

/** The desk is rung when something may change by time alone, and only while somebody waits. */
async function setAlarm(ctx: ObjectContext, outbox: Outbox, at: number | null, now: number): Promise<void> {
  if (at === null) return;
  const set = await ctx.get<number>('alarm');
  if (set !== null && set > now && set <= at) return;
  ctx.set('alarm', at);
  await outbox.sendLater(SERVICES.key, ctx.key, 'tick', {}, at - now);
}

/** Everything empty is cleared: a key without jobs leaves nothing behind but what it has learned. */
function keepDesk(ctx: ObjectContext, { desk, creations, isKnown, held }: KeyDesk): void {
  const isEmpty =
    placesOf(desk).taken === 0 &&
    waitingTurns(desk) === 0 &&
    held.length === 0 &&
    desk.capacity.refusals === 0;
  if (isEmpty && creations === undefined) ctx.clear('desk');
  else ctx.set('desk', { desk, ...(creations === undefined ? {} : { creations }), isKnown, held });
}

async function enter(ctx: ObjectContext, outbox: Outbox, job: WaitingJob): Promise<void> {
  ctx.set(`${ENTRY}${job.jobId}`, job);
  await note(ctx, { jobId: job.jobId, job });
  if ((await ctx.get<boolean>('isReading')) === true) return;
  ctx.set('isReading', true);
  outbox.send(SERVICES.reader, ctx.key, 'shift', {});
}

async function note(ctx: ObjectContext, change: Omit<Change, 'seq'>): Promise<void> {
  const inbox = await inboxOf(ctx);
  const seq = inbox.seq + 1;
  // Of a job only the last change counts.
  const all = [...inbox.changes.filter(({ jobId }) => jobId !== change.jobId), { ...change, seq }];
  const changes = all.slice(-MOST_CHANGES);
  const from = all.at(-MOST_CHANGES - 1)?.seq ?? inbox.from;
  ctx.set('inbox', { seq, from, changes });
}

async function leave(ctx: ObjectContext, jobId: string): Promise<void> {
  ctx.clear(`${ENTRY}${jobId}`);
  await note(ctx, { jobId });
}

async function sync(ctx: ObjectContext, { after }: SyncMessage): Promise<SyncAnswer> {
  const { seq, from, changes } = await inboxOf(ctx);
  if (after < from) return list(ctx);
  const news = changes.filter((change) => change.seq > after);
  if (news.length !== changes.length) ctx.set('inbox', { seq, from: after, changes: news });
  const entered = news.flatMap(({ job }) => (job === undefined ? [] : [job]));
  const left = news.flatMap(({ job, jobId }) => (job === undefined ? [jobId] : []));
  return { seq, isFull: false, entered, left };
}

/** The whole list, for a reader that begins. */
async function list(ctx: ObjectContext): Promise<SyncAnswer> {
  const { seq } = await inboxOf(ctx);
  const names = (await ctx.stateKeys()).filter((name) => name.startsWith(ENTRY));
  const entered: WaitingJob[] = [];
  for (const name of names) {
    const job = await ctx.get<WaitingJob>(name);
    if (job !== null) entered.push(job);
  }
  ctx.set('inbox', { seq, from: seq, changes: [] });
  return { seq, isFull: true, entered, left: [] };
}

/** A key's places, creations of the day and priorities, and who waits for news: the pure desk of the lane, and a list. */
export function keyObject({ sdk, options, now: clock }: KeyHandlers) {
  const parts: KeyHandlers = { sdk, options, now: clock };
  const now = (ctx: ObjectContext): Promise<number> => ctx.run('now', clock);

  async function ask(ctx: ObjectContext, { jobId, token, may, queue }: AskMessage): Promise<AskAnswer> {
    const outbox = createOutbox(sdk, ctx);
    const call = callName(jobId, token);
    const type = may === 'start' ? 'turn' : 'create';
    const event =
      type === 'turn' ? ({ type, call, jobId, ...queue } as const) : ({ type, call, jobId } as const);
    const at = await now(ctx);
    const outcome = atDesk(await deskOf(ctx, parts), [event], at);
    keepDesk(ctx, outcome.state);
    answerOthers(outbox, outcome, call);
    await setAlarm(ctx, outbox, outcome.alarmAt, at);
    if (outcome.grants.some((grant) => grant.call === call)) {
      return { answer: 'granted', mayCreate: areCreatesFree(outcome.state) };
    }
    const refusal = outcome.refusals.find((refused) => refused.call === call);
    return refusal === undefined ? { answer: 'later' } : { answer: 'refused', failure: refusal.failure };
  }

  async function tell(ctx: ObjectContext, message: TellMessage): Promise<void> {
    const outbox = createOutbox(sdk, ctx);
    const { events, creations, isCreateKnown, enter: entering, leave: leaving } = message;
    if (events.length > 0 || isCreateKnown === true) {
      const at = await now(ctx);
      const before = await deskOf(ctx, parts);
      const informed: KeyDesk = {
        ...before,
        ...(creations === undefined ? {} : { creations }),
        isKnown: before.isKnown || isCreateKnown === true,
      };
      const outcome = atDesk(informed, events, at);
      keepDesk(ctx, outcome.state);
      answerOthers(outbox, outcome, undefined);
      await setAlarm(ctx, outbox, outcome.alarmAt, at);
    }
    if (entering !== undefined) await enter(ctx, outbox, entering);
    if (leaving !== undefined) await leave(ctx, leaving);
  }

  async function tick(ctx: ObjectContext): Promise<void> {
    ctx.clear('alarm');
    await tell(ctx, { events: [{ type: 'tick' }] });
  }

  /** Ends the reading where nobody waits; asked by the reader, so that nobody can enter in between. */
  async function rest(ctx: ObjectContext): Promise<boolean> {
    const isIdle = !(await ctx.stateKeys()).some((name) => name.startsWith(ENTRY));
    if (isIdle) for (const name of ['isReading', 'inbox']) ctx.clear(name);
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
      sync: exclusive(lazy, sync),
      rest: exclusive(lazy, rest),
      list: exclusive({ ingressPrivate: true }, list),
    },
  });
}
