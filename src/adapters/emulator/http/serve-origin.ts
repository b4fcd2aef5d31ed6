import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EarlyDelivery } from '../emulator-model.js';
import type { Delivery } from '../faults/deliver.js';
import type { ModelRequest } from '../model/messages.js';
import { type Guard, guardRequest } from './guard-requests.js';
import { readHead, readRequest, readSome } from './read-request.js';
import { sendReply } from './send-reply.js';
import { BodyTooLongError, type UploadRoom } from './upload-room.js';

export interface OriginOptions {
  readonly guard: Guard;
  /** Where an upload may be stored; undefined: nowhere. */
  readonly roomFor: (head: ModelRequest) => UploadRoom | undefined;
  /** Epoch ms. */
  readonly now: () => number;
  readonly exchangeEarly: (head: ModelRequest) => EarlyDelivery | undefined;
  readonly exchange: (request: ModelRequest) => Delivery;
  readonly refuseFor: (ms: number) => void;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

function sendTrouble(response: ServerResponse, error: unknown): void {
  // The client has usually disconnected: then no client receives an error.
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const isTooLong = error instanceof BodyTooLongError;
  const [status, word] = isTooLong ? [413, 'payload_too_large'] : [400, 'bad_request'];
  // The system's error message would reveal a path on this machine.
  const message = isTooLong ? error.message : 'The request could not be read';
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: word, message, code: status }));
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
      if (delivery.reply !== undefined) await sendReply(response, delivery.reply, delivery);
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
      // The connection stays open until the client disconnects or the emulator closes.
      return;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: OriginOptions,
): Promise<void> {
  try {
    const head = readHead(request);
    const early = options.exchangeEarly(head);
    if (early === undefined) {
      const delivery = options.exchange(await readRequest(request, options.roomFor(head)));
      await carryOut(delivery, request, response, options);
      return;
    }
    await readSome(request, early.afterBytes);
    await carryOut(early.delivery, request, response, options);
    request.resume();
  } catch (error) {
    sendTrouble(response, error);
  }
}

/** Node's request listener for one origin. */
export const serveOrigin =
  (options: OriginOptions): RequestListener =>
  (request, response) => {
    if (!guardRequest(request, response, options.guard)) void serve(request, response, options);
  };
