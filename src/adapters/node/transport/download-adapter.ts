import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Connections } from './connections.js';
import { exchangeOnce } from './exchange-once.js';
import { HeadReader } from './head-reader.js';
import { HeadSocket } from './head-socket.js';
import { replyHeaders } from './reply-headers.js';
import { headersOf, letGo, marksOf, urlOf } from './request-head.js';
import { SlabBody } from './slab-body.js';
import { bodyBroken, type RequestState, undiciError } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** One download over a dedicated connection. */
class Download {
  readonly #config: Config;
  readonly #state: RequestState;
  readonly #body = new SlabBody();
  readonly #reader: HeadReader;
  #socket: Socket | undefined;
  #toParser: HeadSocket | undefined;

  constructor(config: Config, state: RequestState) {
    this.#config = config;
    this.#state = state;
    const flow = { resume: () => this.#socket?.resume(), end: () => this.end() };
    this.#reader = new HeadReader(this.#body, flow, () => this.#toParser);
  }

  async send(connections: Connections, url: URL): Promise<AxiosResponse> {
    const { signal } = this.#config;
    const onread = { buffer: this.#body.room, callback: (bytes: number) => this.#reader.add(bytes) };
    const socket = await connections.open(url, onread);
    this.#socket = socket;
    if (signal?.aborted) {
      socket.destroy();
      throw letGo(this.#config, this.#state);
    }
    this.#toParser = new HeadSocket(socket);
    socket.once('end', () => this.#toParser?.feedEnd());
    this.#state.isSent = true;
    const marks = marksOf(this.#config);
    if (marks !== undefined) marks.sentAt = performance.now();
    return this.#exchange(url, this.#toParser);
  }

  end(): void {
    this.#toParser?.destroy();
    this.#socket?.destroy();
  }

  #exchange(url: URL, connection: HeadSocket): Promise<AxiosResponse> {
    const { method = 'GET' } = this.#config;
    const headers = headersOf(this.#config, { host: url.host });
    const path = url.pathname + url.search;
    const request = sendRequest({ method, path, headers, createConnection: () => connection });
    return new Promise((resolve, reject) => {
      const onLost = (error: Error): void => {
        reject(undiciError(error, this.#state));
        this.#body.breakOff(bodyBroken(error));
      };
      request.on('error', onLost).on('close', () => onLost(new Error('the connection was closed')));
      request.on('response', (reply) => resolve(this.#replyOf(request, reply)));
      request.end();
    });
  }

  #replyOf(request: ClientRequest, reply: IncomingMessage): AxiosResponse {
    const { statusCode = 0, statusMessage = '' } = reply;
    const marks = marksOf(this.#config);
    if (marks !== undefined) marks.answeredAt = performance.now();
    const isOurs = this.#reader.takes(reply);
    if (isOurs) {
      reply.on('error', () => undefined);
      // The parser must not have received bytes that are read past it.
      reply.on('data', () =>
        request.destroy(new Error('the parser received body bytes that are read directly')),
      );
    }
    return {
      status: statusCode,
      statusText: statusMessage,
      headers: replyHeaders(reply.headers),
      config: this.#config,
      data: isOurs ? this.#body : reply,
    };
  }
}

function download(connections: Connections, url: URL, config: Config, state: RequestState) {
  return exchangeOnce(config, state, (outcome) => {
    const one = new Download(config, state);
    one.send(connections, url).then(outcome.resolve, outcome.reject);
    return () => one.end();
  });
}

/**
 * Downloads large replies without undici: over a dedicated connection whose bytes are read into reused memory. The benchmark `npm
 * run bench -- transfer` shows the gain. The data is an async iterable; each chunk is valid until the next is requested. Requests
 * over TLS or through proxies are sent by `otherwise`. @throws TransportError
 */
export const createDownloadAdapter =
  (connections: () => Promise<Connections>, otherwise: AxiosAdapter): AxiosAdapter =>
  async (config) => {
    const state: RequestState = { isSent: false };
    try {
      const ways = await connections();
      if (config.signal?.aborted) throw letGo(config, state);
      const url = urlOf(config);
      if (!ways.isPlain(url)) return await otherwise(config);
      return await download(ways, url, config, state);
    } catch (error) {
      throw undiciError(error, state);
    }
  };
