import { apiError } from '../model/api-error.js';
import type { Exchange } from '../model/exchange.js';
import type { ModelReply } from '../model/messages.js';
import { errorContent } from './error-body.js';
import type { Fault, ReplyFault } from './fault.js';
import { laggingReply } from './lagging-replica.js';
import { otherReply } from './other-speaker.js';
import { retryAfterHeader } from './retry-after.js';
import { wrongResult } from './wrong-result.js';

const DAY_MS = 86_400_000;

function errorReply(fault: Extract<ReplyFault, { kind: 'http-error' }>, serverNow: number): ModelReply {
  const [type, text] = errorContent(fault.body ?? 'html', fault.status);
  const headers = {
    date: new Date(serverNow).toUTCString(),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...retryAfterHeader(fault.retryAfter, serverNow),
    ...fault.headers,
  };
  return { status: fault.status, headers, text };
}

function refusal(exchange: Exchange, serverNow: number, error: string, message: string): ModelReply {
  const headers = { date: new Date(serverNow).toUTCString(), 'content-type': 'application/json' };
  const remaining = exchange.entry.rate?.remaining ?? 0;
  const rate = { 'x-ratelimit-remaining': String(remaining) };
  return {
    status: 429,
    headers: { ...headers, ...rate },
    text: JSON.stringify(apiError(429, error, message).body),
  };
}

/** A closed limit. It stays closed until the stated reset, so that the model is consistent. */
function limitedReply(
  exchange: Exchange,
  fault: Extract<ReplyFault, { kind: 'rate-limited' }>,
  serverNow: number,
): ModelReply {
  const { entry, key, now } = exchange;
  const inMs = fault.resetInMs ?? fault.retryAfter?.inMs;
  const { endpoint } = entry;
  if (inMs !== undefined && fault.holds !== false && endpoint !== 'none' && endpoint !== 'storage')
    key?.heldShut.set(endpoint, now + inMs);
  entry.rate = {
    shut: true,
    knownShut: entry.rate?.knownShut ?? false,
    remaining: 0,
    resetAt: now + (inMs ?? 0),
  };
  const reply = refusal(exchange, serverNow, 'rate_limited', 'Rate limit hit');
  return { ...reply, headers: { ...reply.headers, ...retryAfterHeader(fault.retryAfter, serverNow) } };
}

function crowdedReply(exchange: Exchange, resetInMs: number, serverNow: number): ModelReply {
  const { entry, now } = exchange;
  entry.rate = {
    shut: entry.rate?.shut ?? false,
    knownShut: entry.rate?.knownShut ?? false,
    remaining: Math.max(1, entry.rate?.remaining ?? 1),
    resetAt: now + resetInMs,
  };
  return refusal(exchange, serverNow, 'too_many_concurrent_jobs', 'Too many concurrent jobs are running');
}

function garbled(reply: ModelReply, body: Extract<ReplyFault, { kind: 'garbled-body' }>['body']): ModelReply {
  if (reply.status >= 300) return reply;
  switch (body) {
    case 'empty':
      return { ...reply, text: '' };
    case 'html':
      return {
        ...reply,
        headers: { ...reply.headers, 'content-type': 'text/html' },
        text: errorContent('html', 200)[1],
      };
    case 'cut-json':
      return { ...reply, text: reply.text.slice(0, Math.floor(reply.text.length / 2)) };
    case 'text':
      return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' }, text: 'OK' };
  }
}

/** Whether a fault prevents the request from being handled. */
export function keepsOut(fault: Fault): boolean {
  switch (fault.kind) {
    case 'connection-refused':
    case 'rate-limited':
    case 'too-many-jobs':
    case 'redirect':
    case 'replica-lag':
    case 'url-not-yet-valid':
      return true;
    case 'http-error':
    case 'other-speaker':
      return fault.acted !== true;
    case 'reset':
      return fault.when === 'before';
    case 'hung':
      return fault.when !== 'after';
    default:
      return false;
  }
}

/**
 * The reply that a fault sends instead of the API's own (undefined if the request was not handled). `serverNow`: on the server's
 * clock, which may be wrong.
 */
export function replaceReply(
  exchange: Exchange,
  fault: Fault,
  reply: ModelReply | undefined,
  serverNow: number,
): ModelReply | undefined {
  switch (fault.kind) {
    case 'http-error':
      return errorReply(fault, serverNow);
    case 'rate-limited':
      return limitedReply(exchange, fault, serverNow);
    case 'too-many-jobs':
      return crowdedReply(exchange, fault.resetInMs ?? DAY_MS, serverNow);
    case 'garbled-body':
      return reply && garbled(reply, fault.body);
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to }, text: '' };
    case 'other-speaker':
      return otherReply(exchange, fault.who, serverNow);
    case 'wrong-result':
      return reply && wrongResult(reply, fault.body);
    case 'replica-lag':
    case 'url-not-yet-valid':
      return laggingReply(exchange, serverNow);
    default:
      return reply;
  }
}
