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
import { changesOf, entered, type Inbox, NO_CHANGES, rest, wholeList, without } from './waiting-list.js';

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

async function ask(parts: KeyHandlers, ctx: ObjectContext, message: AskMessage): Promise<AskAnswer> {
  const { jobId, token, may, queue, withCreate = false, now: at } = message;
  const outbox = createOutbox(parts.sdk, ctx);
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

interface Happening {
  readonly before: KeyDesk;
  readonly events: readonly DeskEvent[];
  readonly at: number;
}

/** Applies events at the desk, with all their consequences. */
function happened(outbox: Outbox, ctx: ObjectContext, { before, events, at }: Happening): void {
  const outcome = atDesk(before, events, at);
  keepDesk(ctx, withAlarm(ctx, outbox, outcome, at));
  answerOthers(outbox, outcome, at, undefined);
}

async function report(parts: KeyHandlers, ctx: ObjectContext, message: ReportMessage): Promise<void> {
  const { events, isCreateKnown, enter, leave, now: at } = message;
  const outbox = createOutbox(parts.sdk, ctx);
  // Both are requested before the first is awaited, which takes only one round trip. They are awaited one after the other: the
  // SDK fails an attempt that awaits two at once.
  const desk = events.length > 0 || isCreateKnown === true ? ctx.get<StoredDesk>('desk') : undefined;
  const inbox = enter !== undefined || leave !== undefined ? ctx.get<Inbox>('inbox') : undefined;
  if (desk !== undefined) {
    const known = informedDesk(decodedDesk(await desk, parts), message, at);
    measure(ctx, outbox, known.hop);
    happened(outbox, ctx, { before: known.desk, events, at });
  }
  if (inbox === undefined) return;
  let list = (await inbox) ?? NO_CHANGES;
  if (enter !== undefined) list = entered(ctx, outbox, list, enter);
  if (leave !== undefined) list = without(ctx, list, leave);
  ctx.set('inbox', list);
}

const nowIn = ({ now }: KeyHandlers, ctx: ObjectContext): Promise<number> => ctx.run('now', now);

/** The alarm of the desk, regardless of this machine's clock. */
async function tick(
  parts: KeyHandlers,
  ctx: ObjectContext,
  { at: alarmAt }: { readonly at: number },
): Promise<void> {
  const { alarmAt: _, ...before } = decodedDesk(await ctx.get('desk'), parts);
  const at = Math.max(alarmAt, await nowIn(parts, ctx));
  happened(createOutbox(parts.sdk, ctx), ctx, { before, events: [{ type: 'tick' }], at });
}

/** One part of the time until the creations open again has passed. */
async function hop(parts: KeyHandlers, ctx: ObjectContext, { round }: Pick<Hop, 'round'>): Promise<void> {
  const next = hoppedDesk(decodedDesk(await ctx.get('desk'), parts), round);
  if (next === undefined) return;
  const outbox = createOutbox(parts.sdk, ctx);
  measure(ctx, outbox, next.hop);
  const at = await nowIn(parts, ctx);
  happened(outbox, ctx, { before: next.desk, events: [{ type: 'tick' }], at });
}

const shutOf = async (ctx: ObjectSharedContext): Promise<readonly ShutLimit[]> =>
  (await ctx.get<readonly ShutLimit[]>('shut')) ?? [];

/** Limits that a reply has shut, for all processes; the engine measures how long. */
async function shut({ sdk }: KeyHandlers, ctx: ObjectContext, reports: readonly ShutLimit[]): Promise<void> {
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

/**
 * The places, creations of the day and priorities of a key, and its jobs that wait for a status: the lane's pure desk, and a
 * list.
 */
export function keyObject(parts: KeyHandlers) {
  const { sdk, release } = parts;
  const { exclusive, shared } = sdk.handlers.object;
  // The engine assigns each client request its own idempotency key, and would keep its answer for a day.
  const forgotten = { enableLazyState: true, idempotencyRetention: 1 };
  const lazy = { enableLazyState: true, ingressPrivate: true };
  return sdk.object({
    name: SERVICES.key,
    handlers: {
      ask: exclusive(lazy, (ctx: ObjectContext, message: AskMessage) => ask(parts, ctx, message)),
      report: exclusive(lazy, (ctx: ObjectContext, message: ReportMessage) => report(parts, ctx, message)),
      tick: exclusive(lazy, (ctx: ObjectContext, message: { readonly at: number }) =>
        tick(parts, ctx, message),
      ),
      hop: exclusive(lazy, (ctx: ObjectContext, message: Pick<Hop, 'round'>) => hop(parts, ctx, message)),
      shut: exclusive(forgotten, (ctx: ObjectContext, reports: readonly ShutLimit[]) =>
        shut(parts, ctx, reports),
      ),
      reopen: exclusive(lazy, reopen),
      limits: shared(forgotten, shutOf),
      sync: exclusive(
        lazy,
        async (ctx: ObjectContext, message: SyncMessage): Promise<SyncAnswer> => ({
          ...(await changesOf(ctx, message)),
          release,
        }),
      ),
      rest: exclusive(lazy, rest),
      list: exclusive(
        { ingressPrivate: true },
        async (ctx: ObjectContext): Promise<SyncAnswer> => ({ ...(await wholeList(ctx)), release }),
      ),
    },
  });
}
