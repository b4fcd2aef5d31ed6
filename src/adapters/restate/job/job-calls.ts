import { refusedTicket } from '../../../engine/binding/tickets.js';
import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { jobFields } from '../../../engine/job/job-logger.js';
import type { PollTurn } from '../../../machines/job-actors.js';
import type { Reply } from '../../../machines/reply.js';
import { nextReadAt, POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import type { Failure } from '../../../services/failure.js';
import type { Job } from '../../../services/wire/wire-types.js';
import type { AskAnswer, AskMessage, CallMessage, WaitingJob } from '../messages.js';
import { deskCall, SERVICES } from '../names.js';
import type { ObjectContext, Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';
import { type Chain, isChained, makeChain } from './call-chain.js';
import type { Answers, Drive, MakeCall } from './drive-job.js';

/** How long a handler waits for the reply to a create that another process has sent and may still receive. */
const LATE_REPLY_MS = 12_000;
/** Files with a total of at most this many bytes are uploaded so soon that the create is requested together with the place. */
const AT_ONCE_BYTES = 256 * 1024;

export interface CallParts {
  readonly ctx: ObjectContext;
  readonly outbox: Outbox;
  readonly core: WorkerCore;
  readonly sdk: Sdk;
}

const done = (value: unknown, at: number): Reply<unknown> => ({ ok: true, value, at });

const refused = (failure: Failure, at: number): Reply<unknown> => ({ ok: false, failure, at, random: 0.5 });

const isUnderEnd = (job: Pick<Job, 'status'>): boolean =>
  job.status === 'completed' || job.status === 'failed';

/** Reports a change of the job's place to the key. */
function notePlace(drive: Drive, place: 'arrived' | 'none'): void {
  if (drive.stored.place === place) return;
  const { id: jobId } = drive;
  drive.events.push({ type: place === 'arrived' ? 'arrived' : 'released', jobId });
  drive.stored = { ...drive.stored, place };
}

const isRefusedAtOnce = (reply: Reply<unknown>): boolean =>
  !reply.ok &&
  reply.failure.kind === 'rate-limited' &&
  reply.failure.limit === 'concurrency' &&
  reply.failure.status !== undefined;

/** Makes a call of the API or the disk within the handler. The reply is journaled without secrets. */
async function inline({ ctx, core }: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown>> {
  const signal = ctx.request().attemptCompletedSignal;
  const { keyId, job } = drive.stored;
  const about = { jobId: drive.id, keyId, call, fields: jobFields(job) };
  return ctx.run(call.src, () => core.make({ ...about, signal, report: () => undefined }));
}

async function confirm(parts: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown>> {
  const reply = await inline(parts, drive, call);
  drive.wasConfirmed = reply.ok;
  return reply;
}

async function readJob(parts: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown>> {
  const reply = await inline(parts, drive, call);
  // Boundary: the port's own answer.
  if (reply.ok) notePlace(drive, isUnderEnd(reply.value as Job) ? 'none' : 'arrived');
  return reply;
}

async function asked(
  { outbox }: CallParts,
  drive: Drive,
  { token }: OpenCall,
  more: Pick<AskMessage, 'may' | 'withCreate'>,
): Promise<AskAnswer> {
  const { keyId, queue } = drive.stored;
  const message: AskMessage = { jobId: drive.id, token, ...more, queue, now: drive.now };
  const answer = await outbox.call<AskAnswer>(SERVICES.key, keyId, 'ask', message);
  if (answer.answer !== 'refused' && drive.stored.place === 'none')
    drive.stored = { ...drive.stored, place: 'held' };
  return answer;
}

/**
 * Law 1, never twice: the create is armed and sent in one handler. If that is replayed in another process, the reply comes from
 * the process that sent it, or not at all.
 */
export async function createInline(parts: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown>> {
  const { ctx, core, sdk } = parts;
  const late = ctx.awakeable<Reply<unknown>>();
  const armedBy = drive.armedBy ?? (await ctx.run('arm', () => core.processId));
  drive.armedBy = undefined;
  const { keyId, job } = drive.stored;
  const fields = jobFields(job);
  const attempt = ctx.request().attemptCompletedSignal;
  const once = `${ctx.request().id}/${call.token}`;
  const sent = await ctx.run('createJob', () =>
    core.creates.once({ once, isArmed: armedBy === core.processId, lateId: late.id, attempt }, () =>
      core.create({ jobId: drive.id, keyId, call, fields }),
    ),
  );
  core.creates.kept(once);
  let reply: Reply<unknown>;
  if ('reply' in sent) {
    reply = sent.reply;
    drive.creations = sent.creations;
    drive.isCreateKnown = sent.wasAnswered;
  } else {
    try {
      reply = await late.promise.orTimeout(LATE_REPLY_MS);
    } catch (error) {
      if (!(error instanceof sdk.TimeoutError)) throw error;
      reply = refused(refusedTicket, drive.now);
    }
  }
  if (reply.ok) notePlace(drive, 'arrived');
  if (isRefusedAtOnce(reply)) drive.events.push({ type: 'createRefused' });
  return reply;
}

/** The create that the key has granted with the place has ended, or is not sent. */
export function givePermitBack(drive: Drive): void {
  if (drive.permit === undefined) return;
  drive.events.push({ type: 'createEnded', call: drive.permit });
  drive.permit = undefined;
}

async function create(parts: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown> | undefined> {
  if (drive.permit !== undefined) {
    const reply = await createInline(parts, drive, call);
    givePermitBack(drive);
    return reply;
  }
  if (drive.stored.mayCreate) return createInline(parts, drive, call);
  const answer = await asked(parts, drive, call, { may: 'create' });
  if (answer.answer === 'later') return undefined;
  if (answer.answer === 'refused') return refused(answer.failure, drive.now);
  const reply = await createInline(parts, drive, call);
  drive.events.push({ type: 'createEnded', call: deskCall(drive.id, call.token) });
  return reply;
}

async function startTurn(
  parts: CallParts,
  drive: Drive,
  call: OpenCall,
): Promise<Reply<unknown> | undefined> {
  const bytes = drive.stored.job.context.files.reduce((sum, file) => sum + file.bytes, 0);
  const answer = await asked(parts, drive, call, { may: 'start', withCreate: bytes <= AT_ONCE_BYTES });
  if (answer.answer === 'later') return undefined;
  if (answer.answer === 'refused') return refused(answer.failure, drive.now);
  drive.stored = { ...drive.stored, mayCreate: answer.mayCreate };
  if (answer.withCreate === true) drive.permit = deskCall(drive.id, call.token);
  return done(undefined, drive.now);
}

async function wait({ ctx, outbox }: CallParts, drive: Drive, call: OpenCall): Promise<undefined> {
  // Boundary: the chart's own input of this actor.
  const { at } = call.input as { readonly at: number };
  // The engine measures a duration, because the clocks of two machines differ.
  const due = { type: 'due', token: call.token };
  const invocation = await outbox.sendLater(SERVICES.job, ctx.key, 'deliver', due, at - drive.now);
  drive.stored = { ...drive.stored, waits: { ...drive.stored.waits, [call.token]: invocation } };
}

function waiting(drive: Drive, call: OpenCall): WaitingJob {
  // Boundary: the chart's own inputs of these two actors.
  const { jobSpecId, known } = call.input as PollTurn;
  const { context } = drive.stored.job;
  const { workflowId } = context.input;
  const notBefore = nextReadAt(context.lastReadAt);
  return {
    jobId: drive.id,
    token: call.token,
    wants: call.src === 'pollTurn' ? 'turn' : 'status',
    jobSpecId,
    fields: jobFields(drive.stored.job),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(known === undefined ? {} : { known }),
    inMs: Math.min(Math.max(notBefore - drive.now, 0), POLL_INTERVAL_MS),
    isFresh: drive.wasConfirmed,
  };
}

/** A separate call of any duration; it is aborted when the job no longer needs it. */
async function transfer(
  { outbox }: CallParts,
  drive: Drive,
  call: OpenCall,
  src: CallMessage['src'],
): Promise<undefined> {
  const { token, input } = call;
  const { keyId, job } = drive.stored;
  const message: CallMessage = { jobId: drive.id, keyId, token, src, input, fields: jobFields(job) };
  const invocation = await outbox.sendHeld(SERVICES.calls, undefined, 'run', message);
  drive.stored = { ...drive.stored, waits: { ...drive.stored.waits, [token]: invocation } };
}

/** Makes calls that may be repeated, with their replies in one journal entry. */
async function chained(parts: CallParts, drive: Drive, call: OpenCall): Promise<Answers> {
  const { ctx, core } = parts;
  const { stored, id: jobId } = drive;
  const attempt = ctx.request().attemptCompletedSignal;
  const chain: Chain = await ctx.run(call.src, () => makeChain({ core, stored, jobId, attempt }, call));
  drive.armedBy = stored.mayCreate || drive.permit !== undefined ? chain.armedBy : undefined;
  if (chain.tooLong !== undefined) await transfer(parts, drive, chain.tooLong, 'uploadFiles');
  return chain.answers;
}

/** The reply to one call; undefined if it comes in its own message. */
async function single(parts: CallParts, drive: Drive, call: OpenCall): Promise<Reply<unknown> | undefined> {
  switch (call.src) {
    case 'issueTicket':
      // A random name; the journal decides whether the create may be sent.
      return done(`${drive.id}/${call.token}`, drive.now);
    case 'startTurn':
      return startTurn(parts, drive, call);
    case 'createJob':
      return create(parts, drive, call);
    case 'confirmJob':
      return confirm(parts, drive, call);
    case 'getJob':
      return readJob(parts, drive, call);
    case 'waitUntil':
      return wait(parts, drive, call);
    case 'getStatus':
    case 'pollTurn': {
      const { ahead } = drive;
      drive.ahead = undefined;
      if (call.src === 'getStatus' && ahead !== undefined) return ahead;
      drive.enter = waiting(drive, call);
      return undefined;
    }
    case 'getDownload':
      // The pre-signed URL is a secret, so it is not journaled: `saveResult` requests it within its own step.
      return done({ url: '' }, drive.now);
    case 'uploadFiles':
    case 'saveResult':
      return transfer(parts, drive, call, call.src);
    default:
      return inline(parts, drive, call);
  }
}

/** Runs each actor of the chart on the engine. */
export const makeCallOn =
  (parts: CallParts): MakeCall =>
  async (drive, call) => {
    if (isChained(call)) return chained(parts, drive, call);
    const reply = await single(parts, drive, call);
    return reply === undefined ? [] : [{ token: call.token, reply }];
  };
