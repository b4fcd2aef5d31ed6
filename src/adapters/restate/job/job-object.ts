import type { Stimulus } from '../../../engine/interpreter/interpreted-job.js';
import type { JobView } from '../../../engine/job/source/job-view.js';
import { followSubmission, openSubmission, type Submission } from '../../../engine/job/submission.js';
import { sanitizeSnapshot } from '../../../engine/store/record/sanitize-snapshot.js';
import { createJobContext } from '../../../machines/job-context.js';
import { ENDED_MS, ENDED_ONCE, STARTED_MS } from '../ended.js';
import type {
  DeliverMessage,
  EndedJob,
  EventsPage,
  ProgressMessage,
  SendAnswer,
  SendMessage,
  StartMessage,
  SubmissionAnswer,
  TracedMessage,
} from '../messages.js';
import { deskCall, SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type ObjectSharedContext, type Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';
import { isChained } from './call-chain.js';
import {
  beginDrive,
  type Drive,
  type DriveHandlers,
  driveOn,
  fitDrive,
  isRead,
  newDrive,
} from './drive-job.js';
import { asksAnew, emptyLog } from './event-log.js';
import { createInline, givePermitBack, makeCallOn } from './job-calls.js';
import { outputOf, rowOf, storedView, viewNow } from './job-shown.js';
import { decodeJob, encodeJob } from './stored-job.js';
import type { StoredJob } from './stored-record.js';

function stimulusOf(message: DeliverMessage, drive: Drive): Stimulus | undefined {
  const { token } = message;
  const call = drive.stored.job.open.find((open) => open.token === token);
  if (call === undefined) return undefined;
  const { now } = drive;
  switch (message.type) {
    case 'reply':
      return { type: 'reply', token, reply: message.reply };
    // The engine has measured the wait, so no clock decides whether it is over.
    case 'due':
    case 'grant':
      return { type: 'reply', token, reply: { ok: true, value: undefined, at: now } };
    case 'refusal': {
      const { failure: reported, at } = message;
      const failure =
        reported.retryAt === undefined ? reported : { ...reported, retryAt: reported.retryAt - at + now };
      return { type: 'reply', token, reply: { ok: false, failure, at: now, random: 0.5 } };
    }
  }
}

interface Parts {
  readonly sdk: Sdk;
  readonly core: WorkerCore;
}

interface Hand {
  readonly drive: Drive;
  /** The stored row, as JSON. */
  readonly row: string | undefined;
  readonly outbox: Outbox;
  readonly handlers: DriveHandlers;
}

function handOf({ sdk, core }: Parts, ctx: ObjectContext, drive: Drive, isStored: boolean): Hand {
  const outbox = createOutbox(sdk, ctx);
  const make = makeCallOn({ ctx, outbox, core, sdk });
  return {
    drive,
    outbox,
    row: isStored ? JSON.stringify(rowOf(drive)) : undefined,
    handlers: {
      make,
      now: () => ctx.run('now', core.now),
      reportsTime: (calls) => calls.length > 0 && calls.every(isChained),
      stop(one, { token, src }) {
        // What the key grants to a call that is over, it would never get back.
        const call = deskCall(one.id, token);
        if (src === 'startTurn') one.events.push({ type: 'leave', call }, { type: 'createEnded', call });
        if (src === 'createJob') one.events.push({ type: 'createEnded', call });
        const { [token]: invocation, ...waits } = one.stored.waits;
        if (invocation === undefined) return;
        one.stored = { ...one.stored, waits };
        outbox.cancel(invocation);
      },
    },
  };
}

/** Reports to the key what concerns it, in one message at the end of a handler; nothing if there is nothing to report. */
function reportToKey({ drive, outbox }: Hand, isEnded: boolean): void {
  givePermitBack(drive);
  const { id, stored, events, enter, creations, isCreateKnown, wasWaiting } = drive;
  if (isEnded && stored.place !== 'none') events.push({ type: 'released', jobId: id });
  const mustLeave = wasWaiting && enter === undefined && !stored.job.open.some(isRead);
  if (events.length === 0 && enter === undefined && !mustLeave && !isCreateKnown) return;
  outbox.send(SERVICES.key, stored.keyId, 'report', {
    now: drive.now,
    events,
    isCreateKnown,
    ...(creations === undefined ? {} : { creations }),
    ...(enter === undefined ? {} : { enter }),
    ...(mustLeave ? { leave: id } : {}),
  });
}

/** Stores the position of the job, or, if it has ended, passes its end on and deletes its state. */
function settle(core: WorkerCore, ctx: ObjectContext, hand: Hand): void {
  const { drive, outbox } = hand;
  const { stored, log, now, id } = drive;
  const { keyId, createdAt } = stored;
  const output = outputOf(drive);
  reportToKey(hand, output !== undefined);
  if (output === undefined) {
    ctx.set('job', encodeJob({ stored, log, now }));
    const row = rowOf(drive);
    if (JSON.stringify(row) !== hand.row) ctx.set('row', row);
    const traceparent = drive.trace.toStore();
    // Not journaled: a process that repeats this handler traces it again.
    if (traceparent !== undefined) core.ingress.traced(id, { traceparent });
    return;
  }
  drive.trace.ended(output, now);
  ctx.clearAll();
  const view = viewNow(drive);
  const { events, moves = [] } = log;
  const ended: EndedJob = { keyId, createdAt, endedAt: now, output, view, events, moves };
  outbox.sendKept(SERVICES.job, id, output.status, sanitizeSnapshot(ended), ENDED_ONCE);
}

/** One virtual object for each job: the chart's pure steps, and the calls made within them. Handlers never wait for long. */
export function jobObject(sdk: Sdk, core: WorkerCore) {
  const parts: Parts = { sdk, core };
  const now = (ctx: ObjectContext): Promise<number> => ctx.run('now', core.now);

  /** The stored job, adapted to this release's chart; undefined if there is none. */
  async function load(ctx: ObjectContext, at: number): Promise<Hand | undefined> {
    const raw = await ctx.get<unknown>('job');
    if (raw === null) return undefined;
    const { stored, log } = decodeJob(raw, at);
    const traceparent = (await ctx.get<string>('trace')) ?? undefined;
    const begun = { id: ctx.key, stored, log, now: at, traceparent };
    const hand = handOf(parts, ctx, newDrive(core.traces, begun), true);
    await fitDrive(hand.drive, hand.handlers);
    return hand;
  }

  async function start(ctx: ObjectContext, { input, keyId, queue }: StartMessage): Promise<void> {
    if ((await ctx.get<unknown>('job')) !== null) return;
    const first: StoredJob = {
      keyId,
      queue,
      // The time comes with the first reply.
      createdAt: 0,
      waits: {},
      place: 'none',
      mayCreate: false,
      // Replaced by the first step.
      job: { status: 'active', value: {}, context: createJobContext(input), open: [], started: 0 },
    };
    const begun = { id: ctx.key, stored: first, log: emptyLog, now: 0 };
    const hand = handOf(parts, ctx, newDrive(core.traces, begun), false);
    await beginDrive(hand.drive, input, hand.handlers);
    settle(core, ctx, hand);
  }

  async function deliver(ctx: ObjectContext, message: DeliverMessage): Promise<void> {
    const at = message.type === 'reply' ? message.reply.at : await now(ctx);
    const hand = await load(ctx, at);
    if (hand === undefined) return;
    const { drive } = hand;
    const stimulus = stimulusOf(message, drive);
    if (stimulus === undefined) return settle(core, ctx, hand);
    if (message.type === 'reply') drive.ahead = message.ahead;
    if (message.type === 'grant' && message.withCreate === true)
      drive.permit = deskCall(ctx.key, message.token);
    if (message.type === 'grant' && message.mayCreate === true)
      drive.stored = { ...drive.stored, mayCreate: true };
    const { [message.token]: _, ...waits } = drive.stored.waits;
    drive.stored = { ...drive.stored, waits };
    if (message.type === 'grant' && isCreate(drive, message.token)) {
      await createGranted(hand, ctx, message.token);
    } else await driveOn(drive, stimulus, hand.handlers);
    settle(core, ctx, hand);
  }

  const isCreate = ({ stored }: Drive, token: string): boolean =>
    stored.job.open.some((open) => open.token === token && open.src === 'createJob');

  /** Delivers the permission to send a create, not its reply. */
  async function createGranted(
    { drive, handlers, outbox }: Hand,
    ctx: ObjectContext,
    token: string,
  ): Promise<void> {
    const call = drive.stored.job.open.find((open) => open.token === token);
    if (call === undefined) return;
    const reply = await createInline({ ctx, outbox, core, sdk }, drive, call);
    drive.events.push({ type: 'createEnded', call: deskCall(drive.id, token) });
    drive.now = reply.at;
    await driveOn(drive, { type: 'reply', token, reply }, handlers);
  }

  async function send(ctx: ObjectContext, { command, seen }: SendMessage): Promise<SendAnswer> {
    const hand = await load(ctx, await now(ctx));
    if (hand === undefined) return { isTaken: false };
    const { drive } = hand;
    const before = drive.stored.job;
    const sent = command.type === 'SUBMIT_SLOTS' ? openSubmission(before, command.slots) : undefined;
    const isLate = command.type === 'RETRY' && seen !== undefined && asksAnew(drive.log, seen);
    if (!isLate) await driveOn(drive, { type: 'command', command }, hand.handlers);
    const isTaken = JSON.stringify(before) !== JSON.stringify(drive.stored.job);
    settle(core, ctx, hand);
    const slots = sent === undefined ? {} : followSubmission(drive.stored.job, sent);
    return { isTaken, view: viewNow(drive), last: drive.log.last, ...slots };
  }

  /** The outcome of values that were sent before; `closed` if the job has ended since and the server was never seen to have them. */
  async function submission(ctx: ObjectSharedContext, sent: Submission): Promise<SubmissionAnswer> {
    const raw = await ctx.get<unknown>('job');
    if (raw !== null) return followSubmission(decodeJob(raw).stored.job, sent);
    return { submission: sent, answer: { status: sent.isHeld ? 'accepted' : 'closed' } };
  }

  async function progress(ctx: ObjectContext, { token, signal }: ProgressMessage): Promise<void> {
    const hand = await load(ctx, await now(ctx));
    if (hand === undefined) return;
    await driveOn(hand.drive, { type: 'signal', token, signal }, hand.handlers);
    settle(core, ctx, hand);
  }

  async function traced(ctx: ObjectContext, { traceparent }: TracedMessage): Promise<void> {
    // The message may arrive after the end of the job.
    if ((await ctx.get<unknown>('job')) !== null) ctx.set('trace', traceparent);
  }

  async function view(ctx: ObjectSharedContext): Promise<JobView | null> {
    const raw = await ctx.get<unknown>('job');
    return raw === null ? null : storedView(raw);
  }

  /** The events after a number and the position of the job, in one request. */
  async function events(
    ctx: ObjectSharedContext,
    { since }: { readonly since: number },
  ): Promise<EventsPage> {
    const raw = await ctx.get<unknown>('job');
    if (raw === null) return { isThere: false, events: [] };
    const { log, stored } = decodeJob(raw);
    const { createdAt } = stored;
    const events = log.events.filter(({ seq }) => seq > since);
    const moves = log.moves?.filter(([seq]) => seq > since) ?? [];
    return { isThere: true, events, moves, view: storedView(raw), createdAt, last: log.last };
  }

  const keep = async (_: ObjectSharedContext, ended: EndedJob): Promise<EndedJob> => ended;

  const { exclusive, shared } = sdk.handlers.object;
  const within = { ingressPrivate: true };
  const kept = { ...within, idempotencyRetention: ENDED_MS };
  // The engine assigns each client request its own idempotency key, and would keep its answer for a day.
  const forgotten = { idempotencyRetention: 1 };
  return sdk.object({
    name: SERVICES.job,
    handlers: {
      start: exclusive({ idempotencyRetention: STARTED_MS }, start),
      send: exclusive(forgotten, send),
      progress: exclusive(forgotten, progress),
      traced: exclusive(forgotten, traced),
      deliver: exclusive(within, deliver),
      view: shared(forgotten, view),
      submission: shared(forgotten, submission),
      events: shared(forgotten, events),
      completed: shared(kept, keep),
      failed: shared(kept, keep),
      detached: shared(kept, keep),
    },
  });
}
