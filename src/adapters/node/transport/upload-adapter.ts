import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { DiskBody } from '../uploads/disk-body.js';
import type { Connections } from './connections.js';
import { exchangeOnce, type Outcome } from './exchange-once.js';
import type { Flow } from './reply-body.js';
import { ReplyReceiver } from './reply-receiver.js';
import { headersOf, letGo, marksOf, urlOf } from './request-head.js';
import { type RequestState, undiciError } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** Below, a connection of its own would cost more than it saves. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** Resolves when the system has taken the chunk, whose memory may then be reused. False: the connection is lost. */
const written = (request: ClientRequest, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    request.write(chunk, (error) => resolve(error === undefined || error === null));
  });

/** One upload over a dedicated connection. */
class Upload {
  readonly #config: Config;
  readonly #state: RequestState;
  readonly #outcome: Outcome;
  readonly #receiver: ReplyReceiver;
  #socket: Socket | undefined;
  #reply: IncomingMessage | undefined;
  /** The reply is complete, or nothing more is expected: what the connection does no longer matters. */
  #isOver = false;

  constructor(config: Config, state: RequestState, outcome: Outcome) {
    this.#config = config;
    this.#state = state;
    this.#outcome = outcome;
    this.#receiver = new ReplyReceiver(config, false, state, outcome);
  }

  async send(connections: Connections, url: URL, body: DiskBody): Promise<void> {
    const { signal, method = 'POST' } = this.#config;
    const socket = await connections.open(url);
    this.#socket = socket;
    // Such as a reset after the reply.
    socket.on('error', () => undefined);
    if (signal?.aborted) return this.end();
    const marks = marksOf(this.#config);
    if (marks !== undefined) marks.sentAt = performance.now();
    // As for a connection that is kept: many servers that refuse early otherwise close it at once, and their reply is lost.
    const headers = headersOf(this.#config, { host: url.host, connection: 'keep-alive' });
    const path = url.pathname + url.search;
    const request = sendRequest({
      method: method.toUpperCase(),
      path,
      headers,
      createConnection: () => socket,
    });
    request.on('response', (reply) => this.#receive(request, reply));
    request.on('error', (error) => this.#lose(request, error));
    request.on('close', () => this.#lose(request, new Error('the connection was closed')));
    await this.#pump(request, body);
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.destroy();
  }

  async #pump(request: ClientRequest, body: DiskBody): Promise<void> {
    try {
      for await (const chunk of body.inTurn()) {
        // Once the events that are already there are handled: a refusal before a reset could not be read after a write that fails.
        await turn();
        if (this.#isOver) return;
        this.#state.isSent = true;
        if (!(await written(request, chunk))) return;
      }
      request.end();
    } catch (error) {
      // The file could not be read, or is not what it was: the body must not become a valid one.
      this.#outcome.reject(undiciError(error, this.#state));
      this.end();
    }
  }

  #receive(request: ClientRequest, reply: IncomingMessage): void {
    this.#reply = reply;
    const marks = marksOf(this.#config);
    if (marks !== undefined) marks.answeredAt ??= performance.now();
    const flow: Flow = {
      pause: () => reply.pause(),
      resume: () => reply.resume(),
      abort: () => this.end(),
    };
    reply.on('error', (error) => this.#lose(request, error));
    this.#receiver.onResponseStart(flow, reply.statusCode ?? 0, reply.headers, reply.statusMessage);
    reply.on('data', (chunk: Buffer) => this.#receiver.onResponseData(flow, chunk));
    reply.on('end', () => {
      if (this.#isOver) return;
      // A reply that comes before the end of the body ends the sending as well.
      this.end();
      this.#receiver.onResponseEnd();
    });
  }

  #lose(request: ClientRequest, error: Error): void {
    // Of a complete reply, bytes after it and the end of its connection change nothing.
    if (this.#isOver || this.#reply?.complete === true) return;
    this.end();
    request.destroy();
    this.#receiver.onResponseError({ pause() {}, resume() {}, abort() {} }, error);
  }
}

function upload(connections: Connections, url: URL, config: Config, body: DiskBody): Promise<AxiosResponse> {
  const state: RequestState = { isSent: false };
  return exchangeOnce(config, state, (outcome) => {
    const one = new Upload(config, state, outcome);
    one.send(connections, url, body).catch((error: unknown) => outcome.reject(undiciError(error, state)));
    return () => one.end();
  });
}

const isLarge = ({ headers }: Config): boolean => Number(headers.get('content-length')) >= LARGE_BYTES;

/**
 * Uploads large files without undici: over a dedicated connection, to which the buffers of the file are written as they are. The
 * benchmark `npm run bench -- transfer` shows the gain. Everything else, and what goes over TLS or through proxies, is sent by
 * `otherwise`. @throws TransportError
 */
export const createUploadAdapter =
  (connections: () => Promise<Connections>, otherwise: AxiosAdapter): AxiosAdapter =>
  async (config) => {
    const { data } = config;
    if (!(data instanceof DiskBody) || !isLarge(config)) return otherwise(config);
    const url = urlOf(config);
    const state: RequestState = { isSent: false };
    let ways: Connections;
    try {
      ways = await connections();
    } catch (error) {
      throw undiciError(error, state);
    }
    if (!ways.isPlain(url)) return otherwise(config);
    if (config.signal?.aborted) throw letGo(config, state);
    return upload(ways, url, config, data);
  };
