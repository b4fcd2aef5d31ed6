import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ModelReply, ModelRequest } from '../model/messages.js';
import { BodyTooLongError, readRequest } from './read-request.js';
import type { UploadRoom } from './receive-upload.js';
import { sendReply } from './send-reply.js';

export interface OriginOptions {
  readonly room: UploadRoom;
  readonly answer: (request: ModelRequest) => ModelReply;
}

function sendTrouble(response: ServerResponse, error: unknown): void {
  // Most often the client let go: then there is nobody to tell.
  if (response.headersSent || response.destroyed) return void response.destroy();
  const status = error instanceof BodyTooLongError ? 413 : 400;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: 'bad_request', message, code: status }));
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: OriginOptions,
): Promise<void> {
  try {
    await sendReply(response, options.answer(await readRequest(request, options.room)));
  } catch (error) {
    sendTrouble(response, error);
  }
}

/** Node's listener for one origin. */
export const serveOrigin =
  (options: OriginOptions): RequestListener =>
  (request, response) =>
    void serve(request, response, options);
