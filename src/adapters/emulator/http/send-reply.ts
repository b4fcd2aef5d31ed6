import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { BodyCut } from '../faults/deliver.js';
import type { ModelReply, ResultSlice } from '../model/messages.js';
import { resultStream } from './result-stream.js';

function writeHead(response: ServerResponse, reply: ModelReply, length: number): void {
  // The model's clock is the server's clock.
  response.sendDate = reply.headers.date === undefined;
  response.writeHead(reply.status, { 'content-length': String(length), ...reply.headers });
}

const lengthOf = (reply: ModelReply, body: Buffer): number =>
  reply.slice === undefined ? body.length : reply.slice.end - reply.slice.start;

function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

const shorter = (slice: ResultSlice, bytes: number): ResultSlice => ({
  ...slice,
  end: Math.min(slice.end, slice.start + bytes),
});

/** Sends the beginning of a reply that announces its whole length; then the connection ends, or stays silent. */
async function sendBeginning(response: ServerResponse, reply: ModelReply, cut: BodyCut): Promise<void> {
  const body = Buffer.from(reply.text);
  const length = lengthOf(reply, body);
  const bytes = Math.min(cut.afterBytes ?? Math.floor(length / 2), length);
  writeHead(response, reply, length);
  response.flushHeaders();
  if (bytes > 0 && reply.slice !== undefined)
    await pipeline(resultStream(shorter(reply.slice, bytes)), response, { end: false });
  else if (bytes > 0) await write(response, body.subarray(0, bytes));
  // Not a TCP reset: that could take back bytes that have not been read yet.
  if (cut.ending === 'reset') response.destroy();
}

/** Puts a reply on the wire. Rejects when the client lets go before its last byte. */
export async function sendReply(
  response: ServerResponse,
  reply: ModelReply,
  cut: BodyCut | undefined,
): Promise<void> {
  if (cut !== undefined) return sendBeginning(response, reply, cut);
  const body = Buffer.from(reply.text);
  writeHead(response, reply, lengthOf(reply, body));
  if (reply.slice === undefined) response.end(body);
  else await pipeline(resultStream(reply.slice), response);
}
