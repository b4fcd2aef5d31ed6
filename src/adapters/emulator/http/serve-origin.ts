import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../faults/deliver.js';
import type { ModelRequest } from '../model/messages.js';
import { allowBrowsers } from './allow-browsers.js';
import { BodyTooLongError, readRequest } from './read-request.js';
import type { UploadRoom } from './receive-upload.js';
import { sendReply } from './send-reply.js';

export interface OriginOptions {
  readonly room: UploadRoom;
  /** Epoch ms. */
  readonly now: () => number;
  readonly exchange: (request: ModelRequest) => Delivery;
  readonly refuseFor: (ms: number) => void;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

function sendTrouble(response: ServerResponse, error: unknown): void {
  // Most often the client let go: then there is nobody to tell.
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status = error instanceof BodyTooLongError ? 413 : 400;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: 'bad_request', message, code: status }));
}

async function carryOut(
  delivery: Delivery,
  request: IncomingMessage,
  response: ServerResponse,
  options: OriginOptions,
): Promise<void> {
  if (delivery.delayMs > 0) await sleep(delivery.delayMs, undefined, { signal: options.closing });
  switch (delivery.fate) {
    case 'reply':
      if (delivery.reply !== undefined) await sendReply(response, delivery.reply, delivery.cut);
      delivery.heard(options.now());
      return;
    case 'refused':
      request.socket.resetAndDestroy();
      options.refuseFor(delivery.refuseForMs);
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'hung':
      // The connection stays open until the client lets go, or the emulator closes.
      return;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: OriginOptions,
): Promise<void> {
  try {
    const delivery = options.exchange(await readRequest(request, options.room));
    await carryOut(delivery, request, response, options);
  } catch (error) {
    sendTrouble(response, error);
  }
}

/** Node's listener for one origin. */
export const serveOrigin =
  (options: OriginOptions): RequestListener =>
  (request, response) => {
    if (!allowBrowsers(request, response)) void serve(request, response, options);
  };
