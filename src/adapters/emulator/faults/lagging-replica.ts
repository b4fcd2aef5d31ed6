import { apiError } from '../model/api-error.js';
import type { Exchange } from '../model/exchange.js';
import type { ModelReply } from '../model/messages.js';
import { signedAt } from '../model/signed-url.js';
import { storageError } from '../model/storage.js';
import type { Fault } from './fault.js';

/** Whether an event is younger than the replica's lag; without a lag the replica never learns of it. */
const isYoung = (since: number, now: number, lagMs: number | undefined): boolean =>
  lagMs === undefined || now < since + lagMs;

/** Whether a fault applies now: a lagging replica or storage has caught up with events older than its lag. */
export function isDue({ job, entry, request, now }: Exchange, fault: Fault): boolean {
  switch (fault.kind) {
    case 'replica-lag':
      return job !== undefined && entry.endpoint !== 'storage' && isYoung(job.since, now, fault.lagMs);
    case 'url-not-yet-valid':
      return entry.endpoint === 'storage' && isYoung(signedAt(request.path) ?? now, now, fault.lagMs);
    default:
      return true;
  }
}

/** The API's own 404, with the headers of all its replies; or storage's own 403. */
export function laggingReply({ entry }: Exchange, serverNow: number): ModelReply {
  const date = { date: new Date(serverNow).toUTCString() };
  if (entry.endpoint === 'storage') {
    const refused = storageError(403, 'AccessDenied', 'Request is not yet valid (NotYetValid)');
    return { ...refused, headers: { ...date, ...refused.headers } };
  }
  const rate = entry.rate === undefined ? {} : { 'x-ratelimit-remaining': String(entry.rate.remaining) };
  const { status, body } = apiError(404, 'not_found', 'There is no such job');
  const headers = { ...date, ...rate, 'content-type': 'application/json' };
  return { status, headers, text: JSON.stringify(body) };
}
