import type { ModelReply } from '../model/messages.js';
import { portalPage } from '../model/portal.js';
import { storageError } from '../model/storage.js';
import type { WrongResult } from './fault-kinds.js';

const internalError = storageError(
  200,
  'InternalError',
  'We encountered an internal error. Please try again.',
);

function half({ status, headers, slice }: ModelReply): ModelReply {
  if (slice === undefined) return { status, headers, text: '' };
  const end = slice.start + Math.floor((slice.end - slice.start) / 2);
  const length = { 'content-length': String(end - slice.start) };
  return { status, headers: { ...headers, ...length }, text: '', slice: { ...slice, end } };
}

/** Replaces the content of a successful storage reply. Any other reply stays unchanged. */
export function wrongResult(reply: ModelReply, body: WrongResult): ModelReply {
  if (reply.slice === undefined) return reply;
  switch (body) {
    case 'login-page':
      return portalPage(200);
    case 'storage-error':
      return internalError;
    case 'empty':
      return { status: 200, headers: { ...reply.headers, 'content-length': '0' }, text: '' };
    case 'api-error': {
      const error = { error: 'internal_error', message: 'Something went wrong', code: 500 };
      return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(error) };
    }
    case 'half':
      return half(reply);
  }
}
