import type { ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { BodyCut, BodyShape } from '../faults/deliver.js';
import type { ModelReply } from '../model/messages.js';
import { resultStream } from './result-stream.js';

const ENCODERS = { gzip: createGzip, deflate: createDeflate, br: createBrotliCompress };

/** Statuses whose replies have no body, and so no Content-Length (RFC 9110, 8.6). */
const hasNoBody = (status: number): boolean => status === 204 || status === 304 || status < 200;

function writeHead(response: ServerResponse, reply: ModelReply, length: number | undefined): void {
  // `Date` comes from the model's clock.
  response.sendDate = reply.headers.date === undefined;
  const size = length === undefined || hasNoBody(reply.status) ? {} : { 'content-length': String(length) };
  response.writeHead(reply.status, { ...size, ...reply.headers });
}

const lengthOf = (reply: ModelReply): number =>
  reply.slice === undefined ? Buffer.byteLength(reply.text) : reply.slice.end - reply.slice.start;

const plainBody = (reply: ModelReply): Readable =>
  reply.slice === undefined ? Readable.from([Buffer.from(reply.text)]) : resultStream(reply.slice);

/** Passes the first bytes and drops the rest. */
function firstBytes(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(0, left);
      left -= part.byteLength;
      done(null, part);
    },
  });
}

/** Sends the beginning of a body; then the connection ends, breaks, or stays open without data. */
async function sendBeginning(
  response: ServerResponse,
  parts: readonly [Readable, ...Transform[]],
  length: number,
  cut: BodyCut,
): Promise<void> {
  response.flushHeaders();
  const bytes = Math.min(cut.afterBytes ?? Math.floor(length / 2), length);
  if (bytes > 0) await pipeline([...parts, firstBytes(bytes), response], { end: false });
  if (cut.ending === 'end') response.end();
  // Not a TCP reset, which could discard bytes that were not read yet.
  if (cut.ending === 'reset') response.destroy();
}

/** Sends a reply. Rejects if the client disconnects before its last byte. */
export async function sendReply(
  response: ServerResponse,
  reply: ModelReply,
  { cut, framing, encoding }: BodyShape,
): Promise<void> {
  const length = lengthOf(reply);
  if (framing === 'close') {
    response.useChunkedEncodingByDefault = false;
    response.setHeader('connection', 'close');
  }
  writeHead(response, reply, framing === undefined && encoding === undefined ? length : undefined);
  const plain = plainBody(reply);
  const parts: readonly [Readable, ...Transform[]] =
    encoding === undefined ? [plain] : [plain, ENCODERS[encoding]()];
  if (cut !== undefined) return sendBeginning(response, parts, length, cut);
  if (reply.slice === undefined && encoding === undefined) response.end(Buffer.from(reply.text));
  else await pipeline([...parts, response]);
}
