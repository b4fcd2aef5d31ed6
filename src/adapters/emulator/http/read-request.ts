import type { IncomingMessage } from 'node:http';
import type { Headers, ModelRequest } from '../model/messages.js';
import { receiveMultipart, type UploadRoom } from './receive-upload.js';

const LONGEST_JSON = 1024 * 1024;

/** The body is more than a JSON call may have. */
export class BodyTooLongError extends Error {
  override readonly name = 'BodyTooLongError' as const;
}

function flatHeaders(request: IncomingMessage): Headers {
  const entries = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LONGEST_JSON) throw new BodyTooLongError(`a JSON body has at most ${LONGEST_JSON} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isMultipart = (request: IncomingMessage): boolean =>
  /^multipart\/form-data\b.*\bboundary=/i.test(request.headers['content-type'] ?? '');

/** Takes a request off the wire, to its last byte. Rejects when the client lets go before. */
export async function readRequest(request: IncomingMessage, room: UploadRoom): Promise<ModelRequest> {
  const base = { method: request.method ?? 'GET', path: request.url ?? '/', headers: flatHeaders(request) };
  if (!isMultipart(request)) return { ...base, body: await readText(request) };
  const upload = await receiveMultipart(request, request.headers, room);
  return upload === undefined ? base : { ...base, upload };
}
