import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ModelReply } from '../model/messages.js';
import { resultStream } from './result-stream.js';

/** Puts a reply on the wire. Rejects when the client lets go before its last byte. */
export async function sendReply(response: ServerResponse, reply: ModelReply): Promise<void> {
  // The model's clock is the server's clock.
  response.sendDate = reply.headers.date === undefined;
  const body = Buffer.from(reply.text);
  const hasLength = reply.slice !== undefined || reply.headers['content-length'] !== undefined;
  const length = hasLength ? {} : { 'content-length': String(body.length) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (reply.slice === undefined) response.end(body);
  else await pipeline(resultStream(reply.slice), response);
}
