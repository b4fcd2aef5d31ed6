import type { Exchange } from '../model/exchange.js';
import type { ModelReply } from '../model/messages.js';
import { type Fields, isFields } from '../model/read-body.js';
import { signUrl } from '../model/signed-url.js';
import { storageError } from '../model/storage.js';
import type { Fault } from './fault.js';
import { switchSpelling } from './switch-spelling.js';

const OPTIONAL = ['filename', 'expiresAt', 'progress', 'currentStep', 'workflowId', 'stepOutputPreview'];
/** For the reply to a PATCH or a confirm, the reference shows at most the version. */
const OPTIONAL_IN_ECHO = [...OPTIONAL, 'itemVersion', 'slots', 'status'];

function withoutFields(body: unknown, fields: readonly string[]): unknown {
  if (!isFields(body)) return body;
  const kept = Object.entries(body).filter(([name]) => !fields.includes(name));
  const { checkpoint } = body;
  return {
    ...Object.fromEntries(kept),
    ...(isFields(checkpoint) && !fields.includes('checkpoint')
      ? { checkpoint: withoutFields(checkpoint, fields) }
      : {}),
  };
}

/**
 * The fields that the reference allows to be missing in this reply. Empty `slots` may be missing, but non-empty ones are a
 * question.
 */
function optionalFields({ entry }: Exchange, body: unknown): readonly string[] {
  if (entry.endpoint === 'slots' || entry.endpoint === 'confirm') return OPTIONAL_IN_ECHO;
  const hasNoSlots = isFields(body) && Array.isArray(body.slots) && body.slots.length === 0;
  return hasNoSlots ? [...OPTIONAL, 'slots'] : OPTIONAL;
}

const UNKNOWN_FIELDS: Fields = {
  _links: { self: '/x' },
  trace_id: 'a1b2c3',
  schemaVersion: 7,
  'x-note': null,
  tags: [],
};

function withExtraFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtraFields);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    name === 'value' ? inner : withExtraFields(inner),
  ]);
  return { ...Object.fromEntries(entries), ...UNKNOWN_FIELDS };
}

function staleBody(exchange: Exchange, body: unknown, back: number): unknown {
  const past = exchange.job?.past.at(-back);
  if (!isFields(past) || !isFields(body)) return body;
  if (exchange.entry.endpoint !== 'job') return past;
  const { checkpoint: _c, progress: _p, currentStep: _s, error: _e, ...job } = body;
  return { ...job, ...past };
}

function staleVersion({ entry }: Exchange, body: Fields, back: number): Fields {
  const { itemVersion } = body;
  const isRead = entry.endpoint === 'job' || entry.endpoint === 'status';
  if (!isRead || typeof itemVersion !== 'number') return body;
  return { ...body, itemVersion: Math.max(1, itemVersion - back) };
}

function expiredDownload({ world, job, now }: Exchange, body: Fields): Fields {
  if (job === undefined) return body;
  const { storageUrl, urlLifeMs } = world.settings;
  const signedAt = now - urlLifeMs - 1_000;
  const { url } = signUrl(world.secret, storageUrl, job.jobSpecId, 'output.zip', signedAt, urlLifeMs);
  return { ...body, url };
}

function skewedTimes(body: Fields, byMs: number): Fields {
  const { expiresAt } = body;
  if (typeof expiresAt !== 'string') return body;
  return { ...body, expiresAt: new Date(Date.parse(expiresAt) + byMs).toISOString() };
}

function shapeFields(exchange: Exchange, body: Fields, fault: Fault): unknown {
  const { progress } = body;
  switch (fault.kind) {
    case 'stale-status':
      return staleBody(exchange, body, fault.back ?? 1);
    case 'stale-version':
      return staleVersion(exchange, body, fault.back ?? 1);
    case 'unknown-status':
      return 'status' in body ? { ...body, status: fault.word } : body;
    case 'backwards-progress':
      return typeof progress === 'number'
        ? { ...body, progress: Math.max(0, progress - fault.byPercent) }
        : body;
    case 'missing-fields':
      return withoutFields(body, fault.fields ?? optionalFields(exchange, body));
    case 'hostile-filename':
      return 'url' in body ? { ...body, filename: fault.filename } : body;
    case 'expired-url':
      return 'url' in body ? expiredDownload(exchange, body) : body;
    case 'clock-skew':
      return skewedTimes(body, fault.byMs);
    default:
      return body;
  }
}

function shapeJson(exchange: Exchange, body: unknown, fault: Fault): unknown {
  switch (fault.kind) {
    case 'extra-fields':
      return withExtraFields(body);
    case 'switched-spelling':
      return switchSpelling(body);
    case 'changed-body':
      return fault.change(body);
    default:
      return isFields(body) ? shapeFields(exchange, body, fault) : body;
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Applies a fault to the body of a successful reply. */
export function shapeBody(exchange: Exchange, reply: ModelReply, fault: Fault): ModelReply {
  if (reply.slice !== undefined) {
    return fault.kind === 'expired-url' ? storageError(403, 'AccessDenied', 'Request has expired') : reply;
  }
  if (reply.status >= 300 || reply.text === '') return reply;
  if (fault.kind === 'empty-body') return { ...reply, text: '' };
  const body = parse(reply.text);
  const shaped = body === undefined ? undefined : shapeJson(exchange, body, fault);
  return shaped === body ? reply : { ...reply, text: JSON.stringify(shaped) };
}
