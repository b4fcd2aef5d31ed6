import type { IncomingMessage } from 'node:http';
import type { Headers, ModelRequest } from '../model/messages.js';
import { receiveMultipart } from './receive-upload.js';
import { BodyTooLongError, type UploadRoom } from './upload-room.js';

const LONGEST_JSON = 1024 * 1024;

function flatHeaders(request: IncomingMessage): Headers {
  const entries = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Boundary: a request without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LONGEST_JSON) throw new BodyTooLongError(`a JSON body has at most ${LONGEST_JSON} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isMultipart = (request: IncomingMessage): boolean =>
  /^multipart\/form-data\b.*\bboundary=/i.test(request.headers['content-type'] ?? '');

/** Discards a body without storing it, so that the sender receives the answer. */
async function readOver(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

/** Reads `bytes` bytes of a body, or all of it, and leaves the rest. */
export async function readSome(request: IncomingMessage, bytes: number): Promise<void> {
  let left = bytes;
  if (left <= 0) return;
  // Boundary: as above.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}

/** What is known of a request before its body. */
export const readHead = (request: IncomingMessage): ModelRequest => ({
  method: request.method ?? 'GET',
  path: request.url ?? '/',
  headers: flatHeaders(request),
});

/**
 * Reads a request completely. Without room an upload is discarded, so that requests without a key cannot fill the disk. Rejects
 * if the client disconnects.
 */
export async function readRequest(
  request: IncomingMessage,
  room: UploadRoom | undefined,
): Promise<ModelRequest> {
  const base = readHead(request);
  if (!isMultipart(request)) return { ...base, body: await readText(request) };
  if (room === undefined) {
    await readOver(request);
    return base;
  }
  const upload = await receiveMultipart(request, request.headers, room);
  return upload === undefined ? base : { ...base, upload };
}
