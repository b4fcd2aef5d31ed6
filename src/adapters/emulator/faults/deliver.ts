import { closeExchange, type Exchange } from '../model/exchange.js';
import type { ModelReply } from '../model/messages.js';
import { bringUpToDate } from '../model/past.js';
import { noteHeard } from '../model/rate-limits.js';
import { disturbJob } from './disturb-job.js';
import { type Effects, effective, isSameBody, noEffects, noteReplaced, noteShaped } from './effects.js';
import type { ContentCoding, Fault } from './fault.js';
import type { TakenFaults } from './fault-plan.js';
import { isDue } from './lagging-replica.js';
import { keepsOut, replaceReply } from './replace-reply.js';
import { shapeBody } from './shape-body.js';
import { shapeHeaders, skewOf, tellsTruth } from './shape-headers.js';

/** Where and how a body is cut. */
export interface BodyCut {
  /** Bytes that are still sent; undefined: half of the body. */
  readonly afterBytes?: number;
  /** `end`: the connection ends normally, as if the body was complete. */
  readonly ending: 'reset' | 'hang' | 'end';
}

/** How the bytes of a body are sent. */
export interface BodyShape {
  readonly cut?: BodyCut;
  /** Without a length: the body ends with the connection, or is chunked. */
  readonly framing?: 'close' | 'chunked';
  /** Default: none. */
  readonly encoding?: Exclude<ContentCoding, 'identity'>;
}

/** How an exchange ends for the client. */
export interface Delivery extends BodyShape {
  /** `refused`: no connection; `reset` and `hung`: no reply. */
  readonly fate: 'reply' | 'refused' | 'reset' | 'hung';
  /** Only with `fate: 'reply'`. */
  readonly reply?: ModelReply;
  /** Delay before the reply (or the reset), ms, in addition to the network's. */
  readonly delayMs: number;
  /** With `refused`: how long no connection is accepted, ms. */
  readonly refuseForMs: number;
  /** Call it with the time when the client has received the reply: from then on it knows the limit that the reply states. */
  heard(at: number): void;
}

const REFUSE_FOR_MS = 500;

function fateOf(faults: readonly Fault[]): Delivery['fate'] {
  const kinds = faults.map((fault) => fault.kind);
  if (kinds.includes('connection-refused')) return 'refused';
  if (kinds.includes('reset')) return 'reset';
  return kinds.includes('hung') ? 'hung' : 'reply';
}

/** The shape of the body after all faults; the last of a kind counts. */
function bodyShapeOf(faults: readonly Fault[]): BodyShape {
  let shape: BodyShape = {};
  for (const fault of faults) {
    if (fault.kind === 'cut-body') {
      const { afterBytes, ending = 'reset' } = fault;
      shape = { ...shape, cut: afterBytes === undefined ? { ending } : { afterBytes, ending } };
    }
    if (fault.kind === 'unsized-body') {
      const ending = fault.framing === 'close' ? 'end' : 'reset';
      shape = { ...shape, framing: fault.framing, ...(fault.cut ? { cut: { ending } } : {}) };
    }
    if (fault.kind === 'content-encoding' && fault.encoding !== 'identity')
      shape = { ...shape, encoding: fault.encoding };
  }
  return shape;
}

function transportOf(faults: readonly Fault[]) {
  let delayMs = 0;
  let refuseForMs = REFUSE_FOR_MS;
  for (const fault of faults) {
    if (fault.kind === 'slow-reply') delayMs += fault.delayMs;
    if (fault.kind === 'connection-refused') refuseForMs = fault.forMs ?? REFUSE_FOR_MS;
  }
  return { delayMs, refuseForMs, ...bodyShapeOf(faults) };
}

/** Storage ignores ranges if it does not support them, if it encodes the result, or if it sends something else. */
const WITHOUT_RANGES: readonly Fault['kind'][] = ['range-ignored', 'content-encoding', 'wrong-result'];

/** Replies that are not from the API are not shaped like its own. */
const REPLACED: readonly Fault['kind'][] = ['http-error', 'other-speaker'];

/** The exchange after the faults changed the job: it may have advanced or be gone. */
function disturbed(exchange: Exchange, faults: readonly Fault[], { onReply }: Effects): Exchange {
  const { request, world, now } = exchange;
  const job = exchange.job && world.jobs.get(exchange.job.jobSpecId);
  if (job !== undefined) bringUpToDate(job, now);
  if (!faults.some(({ kind }) => WITHOUT_RANGES.includes(kind))) return { ...exchange, job };
  const { range, ...headers } = request.headers;
  if (range !== undefined) for (const fault of faults) if (fault.kind === 'range-ignored') onReply.add(fault);
  return { ...exchange, job, request: { ...request, headers } };
}

function replyUnder(
  exchange: Exchange,
  faults: readonly Fault[],
  answer: (exchange: Exchange) => ModelReply,
  effects: Effects,
): ModelReply | undefined {
  if (faults.length === 0) return answer(exchange);
  const serverNow = exchange.now + skewOf(faults);
  for (const fault of faults) if (disturbJob(exchange, fault)) effects.lasting.add(fault);
  let reply = faults.some(keepsOut) ? undefined : answer(disturbed(exchange, faults, effects));
  for (const fault of faults) {
    const before = reply;
    reply = replaceReply(exchange, fault, before, serverNow);
    if (reply !== before) noteReplaced(effects, fault);
  }
  if (reply === undefined) return undefined;
  const shaped = shapedBody(exchange, reply, faults, effects);
  noteShaped(effects, exchange, shaped, faults);
  return shapeHeaders(exchange, shaped, faults);
}

function shapedBody(
  exchange: Exchange,
  given: ModelReply,
  faults: readonly Fault[],
  { onReply }: Effects,
): ModelReply {
  if (faults.some(({ kind }) => REPLACED.includes(kind))) return given;
  let reply = given;
  for (const fault of faults) {
    const before = reply;
    reply = shapeBody(exchange, before, fault);
    if (!isSameBody(reply, before)) onReply.add(fault);
  }
  return reply;
}

/** @internal What happens once the client has received the reply. */
export function hearer({ key, entry }: Exchange, faults: readonly Fault[]): Delivery['heard'] {
  const isTruth = tellsTruth(faults);
  return (at) => {
    const { endpoint, rate } = entry;
    if (!isTruth || key === undefined || rate === undefined) return;
    if (endpoint !== 'none' && endpoint !== 'storage') noteHeard(key, endpoint, rate, at);
  };
}

/** @internal Answers an exchange with the faults that apply to it, and completes its log entry. */
export function deliver(
  exchange: Exchange,
  { faults: planned, changed }: TakenFaults,
  answer: (exchange: Exchange) => ModelReply,
): Delivery {
  const effects = noEffects();
  const faults = planned.filter((fault) => isDue(exchange, fault));
  exchange.entry.faults = faults.map((fault) => fault.kind);
  const reply = replyUnder(exchange, faults, answer, effects);
  const fate = fateOf(faults);
  changed(effective(faults, effects, fate));
  const isReplied = fate === 'reply' && reply !== undefined;
  closeExchange(exchange, isReplied ? reply : undefined);
  const transport = transportOf(faults);
  const heard = hearer(exchange, faults);
  return isReplied ? { fate, reply, ...transport, heard } : { fate, ...transport, heard };
}
