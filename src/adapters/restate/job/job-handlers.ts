import type { Stimulus } from '../../../engine/interpreter/interpreted-job.js';
import { followSubmission, openSubmission } from '../../../engine/job/submission.js';
import { createJobContext } from '../../../machines/job-context.js';
import type {
  DeliverMessage,
  ProgressMessage,
  SendAnswer,
  SendMessage,
  StartMessage,
  TracedMessage,
} from '../messages.js';
import { deskCall } from '../names.js';
import type { ObjectContext } from '../sdk/contexts.js';
import { beginDrive, type Drive, driveOn, newDrive, takeTime } from './drive-job.js';
import { asksAnew, emptyLog } from './event-log.js';
import { type Hand, handOf, type JobParts, loadHand, settle } from './hand.js';
import { createInline } from './job-calls.js';
import { viewNow } from './job-shown.js';
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

const nowIn = ({ core }: JobParts, ctx: ObjectContext): Promise<number> => ctx.run('now', core.now);

export async function start(
  parts: JobParts,
  ctx: ObjectContext,
  { input, keyId, queue }: StartMessage,
): Promise<void> {
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
  const hand = handOf(parts, ctx, newDrive(parts.core.traces, begun), false);
  await beginDrive(hand.drive, input, hand.handlers);
  settle(parts.core, ctx, hand);
}

const isCreate = ({ stored }: Drive, token: string): boolean =>
  stored.job.open.some((open) => open.token === token && open.src === 'createJob');

/** Delivers the permission to send a create, not its reply. */
async function createGranted(
  { core, sdk }: JobParts,
  ctx: ObjectContext,
  { drive, handlers, outbox }: Hand,
  token: string,
): Promise<void> {
  const call = drive.stored.job.open.find((open) => open.token === token);
  if (call === undefined) return;
  const reply = await createInline({ ctx, outbox, core, sdk }, drive, call);
  drive.events.push({ type: 'createEnded', call: deskCall(drive.id, token) });
  takeTime(drive, reply.at);
  await driveOn(drive, { type: 'reply', token, reply }, handlers);
}

export async function deliver(parts: JobParts, ctx: ObjectContext, message: DeliverMessage): Promise<void> {
  const at = message.type === 'reply' ? message.reply.at : await nowIn(parts, ctx);
  const hand = await loadHand(parts, ctx, at);
  if (hand === undefined) return;
  const { drive } = hand;
  const stimulus = stimulusOf(message, drive);
  if (stimulus === undefined) return settle(parts.core, ctx, hand);
  if (message.type === 'reply') drive.ahead = message.ahead;
  if (message.type === 'grant' && message.withCreate === true)
    drive.permit = deskCall(ctx.key, message.token);
  if (message.type === 'grant' && message.mayCreate === true)
    drive.stored = { ...drive.stored, mayCreate: true };
  const { [message.token]: _, ...waits } = drive.stored.waits;
  drive.stored = { ...drive.stored, waits };
  if (message.type === 'grant' && isCreate(drive, message.token)) {
    await createGranted(parts, ctx, hand, message.token);
  } else await driveOn(drive, stimulus, hand.handlers);
  settle(parts.core, ctx, hand);
}

export async function send(
  parts: JobParts,
  ctx: ObjectContext,
  { command, seen }: SendMessage,
): Promise<SendAnswer> {
  const hand = await loadHand(parts, ctx, await nowIn(parts, ctx));
  if (hand === undefined) return { isTaken: false };
  const { drive } = hand;
  const before = drive.stored.job;
  const sent = command.type === 'SUBMIT_SLOTS' ? openSubmission(before, command.slots) : undefined;
  const isLate = command.type === 'RETRY' && seen !== undefined && asksAnew(drive.log, seen);
  if (!isLate) await driveOn(drive, { type: 'command', command }, hand.handlers);
  const isTaken = JSON.stringify(before) !== JSON.stringify(drive.stored.job);
  settle(parts.core, ctx, hand);
  const slots = sent === undefined ? {} : followSubmission(drive.stored.job, sent);
  return { isTaken, view: viewNow(drive), last: drive.log.last, ...slots };
}

export async function progress(
  parts: JobParts,
  ctx: ObjectContext,
  { token, signal }: ProgressMessage,
): Promise<void> {
  const hand = await loadHand(parts, ctx, await nowIn(parts, ctx));
  if (hand === undefined) return;
  await driveOn(hand.drive, { type: 'signal', token, signal }, hand.handlers);
  settle(parts.core, ctx, hand);
}

export async function traced(ctx: ObjectContext, { traceparent }: TracedMessage): Promise<void> {
  // The message may arrive after the end of the job.
  if ((await ctx.get<unknown>('job')) !== null) ctx.set('trace', traceparent);
}
