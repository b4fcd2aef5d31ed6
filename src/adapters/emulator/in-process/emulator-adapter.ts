import { Readable } from 'node:stream';
import {
  type AxiosAdapter,
  AxiosError,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { Clock } from '../../../engine/binding/clock.js';
import { checkLatency } from '../check-options.js';
import type { EmulatorModel } from '../emulator-model.js';
import type { BodyCut, Delivery } from '../faults/deliver.js';
import type { Origin } from '../model/exchange.js';
import type { Headers, ModelReply, ModelRequest } from '../model/messages.js';
import { type Arrival, arrivalOf } from './arrival.js';
import { readMultipart } from './read-multipart.js';
import { firstBytes } from './result-bytes.js';

export interface EmulatorAdapterOptions {
  readonly clock: Clock;
  /** Time from sending to the reply, ms; half of it each way. A function is called for each request. Default 0. */
  readonly latencyMs?: number | (() => number) | undefined;
}

type Config = InternalAxiosRequestConfig;
type Answered = Delivery & { readonly reply: ModelReply };

/** One request in flight. */
interface Flight {
  readonly config: Config;
  readonly clock: Clock;
  readonly settle: (end: { readonly response: AxiosResponse } | { readonly error: Error }) => void;
  /** Calls back at a time, unless the flight has ended. */
  readonly at: (time: number, callback: () => void) => void;
  /** Ends with the flight. */
  readonly until: (release: (() => void) | undefined) => void;
}

const broken = (config: Config, code: string, message: string): AxiosError =>
  new AxiosError(message, code, config, {});

function flatHeaders(config: Config): Headers {
  const entries = Object.entries(config.headers.toJSON());
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name.toLowerCase(), String(value)]],
    ),
  );
}

const urlOf = (config: Config): URL => {
  const url = config.url ?? '';
  if (URL.canParse(url)) return new URL(url);
  return new URL(`${(config.baseURL ?? '').replace(/\/$/, '')}/${url.replace(/^\//, '')}`);
};

/** Finds the model's origin of a URL; undefined for any other. */
function originFinder(model: EmulatorModel): (url: URL) => Origin | undefined {
  const [api, storage] = [new URL(model.apiUrl).origin, new URL(model.storageUrl).origin];
  return ({ origin }) => (origin === api ? 'api' : origin === storage ? 'storage' : undefined);
}

/** The number of bytes before a body is cut. */
const lengthUnder = ({ bytes }: Arrival, cut: BodyCut | undefined): number =>
  cut === undefined ? bytes : Math.min(cut.afterBytes ?? Math.floor(bytes / 2), bytes);

/** A stream of the body that may stop in the middle. */
function bodyStream({ config, clock }: Flight, arrival: Arrival, cut: BodyCut | undefined): Readable {
  const chunks = firstBytes(arrival.chunks, lengthUnder(arrival, cut));
  return new Readable({
    read() {
      const next = chunks.next();
      if (!next.done) this.push(next.value);
      else if (cut === undefined || cut.ending === 'end') this.push(null);
      else if (cut.ending === 'reset') this.destroy(broken(config, 'ECONNRESET', 'aborted'));
      else clock.work?.waits();
    },
  });
}

function dataFor(flight: Flight, { cut }: Answered, arrival: Arrival): unknown {
  if (flight.config.responseType === 'stream') return bodyStream(flight, arrival, cut);
  const data = Buffer.concat([...firstBytes(arrival.chunks, lengthUnder(arrival, cut))]);
  switch (flight.config.responseType) {
    case 'arraybuffer':
      return data;
    case 'blob':
      return new Blob([new Uint8Array(data)]);
    default:
      return data.toString('utf8');
  }
}

function respond(flight: Flight, delivery: Answered): void {
  const { config } = flight;
  const { reply, cut } = delivery;
  if (cut !== undefined && cut.ending !== 'end' && config.responseType !== 'stream') {
    if (cut.ending === 'reset') flight.settle({ error: broken(config, 'ECONNRESET', 'aborted') });
    return;
  }
  const arrival = arrivalOf(reply, delivery, config.decompress !== false);
  // Not before: if a body does not match its coding, the transport reports nothing, not even headers.
  delivery.heard(flight.clock.now());
  const response: AxiosResponse = {
    data: dataFor(flight, delivery, arrival),
    status: reply.status,
    statusText: '',
    headers: { ...arrival.headers },
    config,
    request: {},
  };
  const isWanted = config.validateStatus?.(reply.status) ?? true;
  if (isWanted) {
    flight.settle({ response });
    return;
  }
  const message = `Request failed with status code ${reply.status}`;
  const code = reply.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  flight.settle({ error: new AxiosError(message, code, config, {}, response) });
}

/** A body that does not match the coding in its header makes the decoding transport fail. */
function answer(flight: Flight, delivery: Answered): void {
  try {
    respond(flight, delivery);
  } catch (error) {
    const { config } = flight;
    const message = error instanceof Error ? error.message : String(error);
    flight.settle({ error: broken(config, 'Z_DATA_ERROR', message) });
  }
}

const isReplied = (delivery: Delivery): delivery is Answered =>
  delivery.fate === 'reply' && delivery.reply !== undefined;

function end(flight: Flight, delivery: Delivery): void {
  const { config } = flight;
  if (isReplied(delivery)) answer(flight, delivery);
  else if (delivery.fate === 'refused')
    flight.settle({ error: broken(config, 'ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1') });
  else if (delivery.fate === 'reset')
    flight.settle({ error: broken(config, 'ECONNRESET', 'read ECONNRESET') });
}

/** Callbacks at times, and whatever else is to be released at once. */
function createReleases(clock: Clock) {
  const releases = new Set<() => void>();
  let isOver = false;
  const schedule = (time: number, callback: () => void, start: Clock['schedule'] = clock.schedule): void => {
    const cancel = start(time, () => {
      releases.delete(cancel);
      callback();
    });
    releases.add(cancel);
  };
  return {
    schedule,
    at: (time: number, callback: () => void): void => {
      if (time <= clock.now()) callback();
      else schedule(time, callback);
    },
    until: (release: (() => void) | undefined): void => {
      if (release === undefined) return;
      if (isOver) release();
      else releases.add(release);
    },
    releaseAll(): void {
      isOver = true;
      for (const release of releases) release();
    },
  };
}

/** Runs a flight until it settles, then releases everything it waits for. Applies its time-out and abort signal. */
function fly(config: Config, clock: Clock, start: (flight: Flight) => void): Promise<AxiosResponse> {
  return new Promise((resolve, reject) => {
    const { schedule, at, until, releaseAll } = createReleases(clock);
    const { signal, timeout } = config;
    const onAbort = (): void => settle({ error: new CanceledError(undefined, config) });
    const settle: Flight['settle'] = (ended) => {
      releaseAll();
      signal?.removeEventListener?.('abort', onAbort);
      if ('response' in ended) resolve(ended.response);
      else reject(ended.error);
    };
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener?.('abort', onAbort);
    if (timeout) {
      const late = broken(config, AxiosError.ECONNABORTED, `timeout of ${timeout}ms exceeded`);
      schedule(clock.now() + timeout, () => settle({ error: late }), clock.work?.limit);
    }
    start({ config, clock, settle, at, until });
  });
}

/** Not by `instanceof`: where jest runs a test, the promises of Node itself belong to another realm. */
const isPending = (value: object | undefined): value is Promise<unknown> =>
  value !== undefined && 'then' in value;

const isMultipart = (type: string | undefined, data: unknown): boolean =>
  data instanceof FormData || /^multipart\/form-data/i.test(type ?? '');

/** Converts the request for the model. Only uploads as a stream or a FormData take longer than this turn of the event loop. */
function toRequest(config: Config, url: URL, sentAt: number): ModelRequest | Promise<ModelRequest> {
  const headers = flatHeaders(config);
  const method = (config.method ?? 'get').toUpperCase();
  const base = { method, path: `${url.pathname}${url.search}`, headers, sentAt };
  const data: unknown = config.data;
  const type = headers['content-type'];
  if (!isMultipart(type, data)) return typeof data === 'string' ? { ...base, body: data } : base;
  const upload = readMultipart(data, type ?? '');
  if (isPending(upload))
    return upload.then((file) => (file === undefined ? base : { ...base, upload: file }));
  return upload === undefined ? base : { ...base, upload };
}

function tellProgress(config: Config, request: ModelRequest): void {
  const loaded = request.upload?.size;
  if (loaded === undefined) return;
  config.onUploadProgress?.({ loaded, total: loaded, bytes: loaded, lengthComputable: true });
}

/**
 * An axios adapter that calls a model instead of a network. Every wait (latency, slow replies, the request's own time-out) uses
 * the clock, so that time may be virtual. URLs of other origins fail like an unknown host.
 * @throws TypeError for a latency that is not a number from 0
 */
export function createEmulatorAdapter(model: EmulatorModel, options: EmulatorAdapterOptions): AxiosAdapter {
  const { clock, latencyMs = 0 } = options;
  checkLatency(latencyMs);
  const originOf = originFinder(model);
  const draw = (): number => (typeof latencyMs === 'function' ? latencyMs() : latencyMs) / 2;
  const depart = (flight: Flight, origin: Origin, request: ModelRequest): void => {
    tellProgress(flight.config, request);
    // It has left: nothing but time brings its reply.
    flight.until(clock.work?.waits());
    flight.at(clock.now() + draw(), () => {
      const delivery = model.exchange(origin, request, clock.now());
      flight.at(clock.now() + delivery.delayMs + draw(), () => end(flight, delivery));
    });
  };
  return (config) =>
    fly(config, clock, (flight) => {
      const url = urlOf(config);
      const origin = originOf(url);
      if (origin === undefined) {
        flight.settle({ error: broken(config, 'ENOTFOUND', `getaddrinfo ENOTFOUND ${url.hostname}`) });
        return;
      }
      const request = toRequest(config, url, clock.now());
      if (!isPending(request)) {
        depart(flight, origin, request);
        return;
      }
      const failed = (error: unknown): void =>
        flight.settle({ error: error instanceof Error ? error : new Error(String(error)) });
      const read = clock.work?.run('a body of a request', () => request) ?? request;
      read.then((ready) => depart(flight, origin, ready)).catch(failed);
    });
}
