import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkSpeed } from '../check-options.js';
import { guardRequest } from '../http/guard-requests.js';
import { listen } from '../http/listen.js';
import { layOutZip, memoryEntry } from '../model/stored-zip.js';
import { madeCurrent } from './made-current.js';
import { createReplyQueues, type ReplyQueues } from './reply-queues.js';
import { basePathOf, type TracedReply, tracedReplies } from './traced-reply.js';

export interface ReplayOptions {
  /** The text of a trace: HAR 1.2. */
  readonly har: string;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Speed-up of the replies. Default 1. */
  readonly speed?: number | undefined;
}

/** A server that sends the replies of a trace. */
export interface Replay {
  readonly baseUrl: string;
  /** A key for clients; any other is accepted as well. */
  readonly apiKey: string;
  close(): Promise<void>;
}

/** In ms; longer waits of the trace are shortened to this. */
const LONGEST_WAIT_MS = 30_000;

const STORAGE_PATH = '/replayed-result/';

/** A placeholder for a result, which a trace does not contain, in the format of its name. */
function standIn(fileName: string, { size }: TracedReply): Buffer {
  const note = Buffer.from(`In place of a result of ${size} bytes, which the trace does not hold.\n`);
  if (!fileName.toLowerCase().endsWith('.zip')) return note;
  const parts = layOutZip([memoryEntry('replayed.txt', note)]);
  return Buffer.concat(parts.map((part) => ('bytes' in part ? Buffer.from(part.bytes) : Buffer.alloc(0))));
}

interface Site {
  readonly queues: ReplyQueues;
  readonly speed: number;
  readonly closing: AbortSignal;
  origin(): string;
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}

function refuse(response: ServerResponse, { method = '', url = '' }: IncomingMessage): void {
  const message = `The trace has no reply to ${method} ${url}`;
  const body = Buffer.from(JSON.stringify({ error: 'not_in_trace', message, code: 404 }));
  send(response, 404, { 'content-type': 'application/json' }, body);
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _chunk of request) {
    // The request body is irrelevant: the trace contains the reply.
  }
  const { pathname } = new URL(request.url ?? '/', site.origin());
  const isStorage = pathname.startsWith(STORAGE_PATH);
  const reply = isStorage ? site.queues.storage() : site.queues.api(request.method ?? '', pathname);
  if (reply === undefined) return refuse(response, request);
  const wait = Math.min(reply.waitMs, LONGEST_WAIT_MS) / site.speed;
  await sleep(wait, undefined, { signal: site.closing });
  if (reply.status === 0) {
    request.socket.resetAndDestroy();
    return;
  }
  const byMs = Date.now() - reply.startedAt;
  const resultUrl = (name: string): string => `${site.origin()}${STORAGE_PATH}${encodeURIComponent(name)}`;
  const { status, headers, body } = madeCurrent(reply, { byMs, resultUrl });
  const isResult = isStorage && status < 300;
  const fileName = decodeURIComponent(pathname.slice(STORAGE_PATH.length));
  // A placeholder cannot be sent in parts.
  send(response, isResult ? 200 : status, headers, isResult ? standIn(fileName, reply) : Buffer.from(body));
}

/**
 * Replays a trace on 127.0.0.1: each call gets the replies that it got originally, in their order and at their pace, with times
 * shifted to now. A result is replaced by a small file of its format.
 * @throws TypeError if the text is not such a trace, or for a speed that is not a number above 0; rejects with the system's error, such as EADDRINUSE
 */
export async function startReplay({ har, port = 0, speed = 1 }: ReplayOptions): Promise<Replay> {
  checkSpeed(speed);
  const replies = tracedReplies(har);
  const closing = new AbortController();
  const guard = { allowOrigins: new Set<string>(), host: '127.0.0.1' };
  let origin = '';
  const queues = createReplyQueues(replies);
  const site: Site = { queues, speed, closing: closing.signal, origin: () => origin };
  const listening = await listen({ host: '127.0.0.1', port }, (request, response) => {
    if (guardRequest(request, response, guard)) return;
    // Usually the client disconnected, or the server closes.
    answer(site, request, response).catch(() => response.destroy());
  });
  origin = listening.origin;
  return {
    baseUrl: `${origin}${basePathOf(replies)}`,
    apiKey: `replay_${randomBytes(16).toString('hex')}`,
    close() {
      closing.abort();
      return listening.close();
    },
  };
}
