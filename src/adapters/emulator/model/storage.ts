import { isRetained } from './calls/read-job.js';
import type { Exchange } from './exchange.js';
import { resultOf } from './job-result.js';
import type { ModelReply, ModelRequest } from './messages.js';
import type { ResultContent } from './result-content.js';
import { checkSignature } from './signed-url.js';

/** An error in the format of S3. */
export function storageError(status: number, code: string, message: string): ModelReply {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, text };
}

type Range = { readonly start: number; readonly end: number } | 'whole' | 'not-satisfiable';

/** A single `bytes=` range; for anything else the whole is sent, as RFC 9110 allows. */
function parseRange(header: string | undefined, total: number): Range {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), total);
    return length === 0 ? 'not-satisfiable' : { start: total - length, end: total };
  }
  const start = Number(first);
  const end = last === '' ? total : Math.min(Number(last) + 1, total);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= total ? 'not-satisfiable' : { start, end };
}

function sendContent(request: ModelRequest, content: ResultContent): ModelReply {
  const { etag, totalBytes, contentType } = content;
  const ifRange = request.headers['if-range'];
  const header = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = parseRange(header, totalBytes);
  const base = { 'accept-ranges': 'bytes', etag };
  if (range === 'not-satisfiable') {
    const refused = storageError(416, 'InvalidRange', 'The requested range is not satisfiable');
    const unsatisfied = { 'content-range': `bytes */${totalBytes}` };
    return { ...refused, headers: { ...base, ...refused.headers, ...unsatisfied } };
  }
  const { start, end } = range === 'whole' ? { start: 0, end: totalBytes } : range;
  const headers = { ...base, 'content-type': contentType, 'content-length': String(end - start) };
  const slice = { content, start, end };
  if (range === 'whole') return { status: 200, headers, text: '', slice };
  const contentRange = { 'content-range': `bytes ${start}-${end - 1}/${totalBytes}` };
  return { status: 206, headers: { ...headers, ...contentRange }, text: '', slice };
}

/**
 * The GET of a pre-signed URL, answered like S3: 400 for an Authorization header in addition to the signature, 403 for a wrong or
 * expired signature, 404 after the retention; with ranges and ETag.
 */
export function answerStorage({ world, request, now }: Exchange): ModelReply {
  if (request.headers.authorization !== undefined) {
    const message = 'Only one auth mechanism allowed; the signed query and an Authorization header were sent';
    return storageError(400, 'InvalidArgument', message);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return storageError(405, 'MethodNotAllowed', 'The specified method is not allowed');
  if (!URL.canParse(request.path, 'http://storage'))
    return storageError(400, 'InvalidURI', 'The specified URI could not be parsed');
  const check = checkSignature(world.secret, new URL(request.path, 'http://storage'));
  if (!check.ok) {
    if (check.reason === 'no-such-key') return storageError(404, 'NoSuchKey', 'There is no such object');
    if (check.reason === 'unsigned') return storageError(403, 'AccessDenied', 'Access Denied');
    return storageError(403, 'SignatureDoesNotMatch', 'The signature does not match');
  }
  if (check.expiresAt <= now) return storageError(403, 'AccessDenied', 'Request has expired');
  const job = world.jobs.get(check.jobSpecId);
  if (job === undefined || !isRetained(world, job, now))
    return storageError(404, 'NoSuchKey', 'The specified key does not exist');
  const reply = sendContent(request, resultOf(job));
  if (request.method === 'GET') return reply;
  const { slice: _, ...head } = reply;
  return head;
}
