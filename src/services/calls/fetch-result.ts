import type { AxiosResponse } from 'axios';
import { type ByteChunks, byteChunks } from '../bytes/byte-chunks.js';
import { describePart, type PartDescription } from '../bytes/describe-part.js';
import { readWithin, type StreamCheck, watchedChunks } from '../bytes/watched-chunks.js';
import { decoded } from '../content/content-coding.js';
import { decodedIfCoded, mayBeDecoded } from '../content/platform-coding.js';
import { defined } from '../defined.js';
import { errorFromFailure } from '../errors/error-from-failure.js';
import { failureFromStorage } from '../errors/failure-from-storage.js';
import { failureFromTransport, ownError } from '../errors/failure-from-transport.js';
import { isGoalLaneError } from '../errors/goal-lane-error.js';
import type { ByteDecoder, CallOptions, GoalClient, ResultRequest, ResultStream } from '../goal-client.js';
import { type AskStorage, createAskStorage } from '../http/ask-storage.js';
import type { OnExchange } from '../http/exchange.js';
import { ofJob } from '../http/request-log.js';
import type { Sending } from '../http/transport.js';
import { watchExchange } from '../http/watch-exchange.js';
import { createWatchdog, type Watchdog } from '../http/watchdog.js';
import { parseTime } from '../limits/rate-headers.js';
import type { Logger } from '../logger.js';
import { createRedactor, type Redactor } from '../redaction/redactor.js';
import { redactUrl, secretsOfUrl, storagePath } from '../redaction/url-secrets.js';
import { cautiousSkewMs, narrowSkew } from '../time/clock-skew.js';
import { refuseStorageUrl, type StoragePolicy } from './storage-url.js';

export interface FetchOptions extends StoragePolicy, Sending {
  readonly now: () => number;
  readonly wallOffset: () => number;
  readonly stallTimeoutMs: number;
  readonly logger?: Logger | undefined;
  readonly decoders?: Readonly<Record<string, ByteDecoder>> | undefined;
  readonly onExchange?: OnExchange | undefined;
  /** The key of the API. Only used to redact it, in case storage repeats it. */
  readonly apiKey: string;
}

const MAX_REDIRECTS = 5;
const LONGEST_REFUSAL = 64 * 1024;

interface StorageClient {
  readonly options: FetchOptions;
  readonly send: AskStorage;
}

const goneUrl = (message: string): Error =>
  errorFromFailure({ kind: 'gone', message, advice: 'Ask for a fresh URL.', delivery: 'not-sent' });

function checkUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw goneUrl('there is no URL to fetch the result from');
  }
  // They would be sent as an Authorization header, in addition to the signature in the URL (law 5, never leaked).
  parsed.username = '';
  parsed.password = '';
  return parsed;
}

/** Redacts the key and the secret parts of these URLs. */
const redactorOf = ({ options }: StorageClient, ...urls: readonly string[]): Redactor =>
  createRedactor([options.apiKey, ...urls.flatMap(secretsOfUrl)]);

const shownPath = (url: string): string => (URL.canParse(url) ? storagePath(new URL(url)) : '');

function rangeHeaders({ from = 0, ifRange }: ResultRequest): Record<string, string> {
  const range = from > 0 ? { Range: `bytes=${from}-` } : {};
  return { 'Accept-Encoding': 'identity', ...range, ...(from > 0 && ifRange ? { 'If-Range': ifRange } : {}) };
}

interface Arrived {
  readonly response: AxiosResponse;
  readonly url: URL;
}

/** Sends one request to storage and returns the head of its reply. */
async function ask(
  storage: StorageClient,
  request: ResultRequest,
  url: URL,
  signal: AbortSignal,
  about: CallOptions,
): Promise<AxiosResponse> {
  const { options } = storage;
  const headers = rangeHeaders(request);
  const redactor = redactorOf(storage, url.href);
  const watch = watchExchange({ ...options, redactor }, () => ({
    ...{ to: 'storage', method: 'GET', path: storagePath(url), url: redactUrl(url.href) },
    ...{ requestHeaders: headers, about },
  }));
  try {
    const response = await storage.send({ url, headers, signal, marks: watch?.marks });
    watch?.reply(response);
    return response;
  } catch (error) {
    watch?.loss(error);
    throw error;
  }
}

/** Follows allowed redirects: storage may answer from another region. */
async function follow(
  storage: StorageClient,
  request: ResultRequest,
  signal: AbortSignal,
  about: CallOptions,
): Promise<Arrived> {
  let url = checkUrl(request.url);
  refuseStorageUrl(url, storage.options);
  for (let hops = 0; ; hops += 1) {
    const response = await ask(storage, request, url, signal, about);
    const location: unknown = response.headers.location;
    const isRedirect = response.status >= 300 && response.status < 400 && typeof location === 'string';
    if (!isRedirect || hops >= MAX_REDIRECTS) return { response, url };
    byteChunks(response.data).cancel();
    const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
    if (target === undefined || !/^https?:$/.test(target.protocol)) return { response, url };
    refuseStorageUrl(target, storage.options, url);
    url = checkUrl(target.href);
  }
}

/** Storage has its own clock, shown by its `Date` header. */
function retryAfterOf(
  { options }: StorageClient,
  { headers }: AxiosResponse,
  startedAt: number,
): number | undefined {
  const receivedAt = options.now();
  const skew = narrowSkew(undefined, headers.date, startedAt, receivedAt);
  return parseTime(headers['retry-after'], receivedAt, cautiousSkewMs(skew, options.wallOffset()));
}

async function refusal(
  storage: StorageClient,
  { response, url }: Arrived,
  asked: { readonly url: string; readonly startedAt: number },
  source: ByteChunks,
): Promise<Error> {
  const retryAfterAt = retryAfterOf(storage, response, asked.startedAt);
  const said = await readWithin(source, LONGEST_REFUSAL);
  const body = redactorOf(storage, asked.url, url.href).refusal(said);
  const { status } = response;
  const { headers } = response;
  const about = { path: storagePath(url), status, headers, body };
  return errorFromFailure(failureFromStorage({ ...about, ...defined({ retryAfterAt }) }));
}

function lostResult(
  storage: StorageClient,
  url: string,
  error: unknown,
  { signal, isAnswered = false }: { readonly signal: AbortSignal; readonly isAnswered?: boolean },
): Error {
  const own = ownError(error, signal);
  if (own !== undefined) return own;
  const about = { method: 'GET', path: shownPath(url), redactor: redactorOf(storage, url), isAnswered };
  return errorFromFailure(failureFromTransport({ ...about, error, isAborted: signal.aborted }));
}

const stalled = (url: string, ms: number) => (): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the download stalled: no byte arrived for ${ms} ms`,
    advice: 'Check the network and try again: it continues where it stopped.',
    delivery: 'unknown',
    method: 'GET',
    path: shownPath(url),
  });

function logReply(
  { options }: StorageClient,
  { response, url }: Arrived,
  startedAt: number,
  about: CallOptions,
): void {
  const line = {
    method: 'GET',
    path: storagePath(url),
    status: response.status,
    ms: Math.round(options.now() - startedAt),
  };
  options.logger?.debug({ ...line, ...ofJob(about) }, 'result');
}

const badBody = (url: URL, words: string): Error =>
  errorFromFailure({
    kind: 'bad-response',
    message: `GET ${storagePath(url)} (the result) ${words}`,
    advice: 'Try again; if this persists, storage or a proxy in front of it is broken.',
    delivery: 'unknown',
    method: 'GET',
    path: storagePath(url),
    speaker: 'storage',
  });

/** Reports a broken content coding as such. Network errors are already reported by the chunks. */
async function* decodedOrRefused(
  chunks: AsyncIterable<Uint8Array>,
  refuse: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw isGoalLaneError(error) ? error : refuse(error);
  }
}

interface Body {
  readonly source: ByteChunks;
  readonly data: unknown;
}

function bodyChunks(storage: StorageClient, url: URL, part: PartDescription, body: Body, watchdog: Watchdog) {
  const { codings } = part;
  const isDecoded = mayBeDecoded(body.data, codings);
  const check: StreamCheck = {
    expected: isDecoded ? undefined : part.length,
    lost: (error) => lostResult(storage, url.href, error, { signal: watchdog.signal, isAnswered: true }),
    tooLong: (expected) => badBody(url, `is longer than the ${expected} bytes that it was said to have`),
  };
  const sent = watchedChunks(part.part === 'end' ? byteChunks(undefined) : body.source, watchdog, check);
  if (codings.length === 0) return { chunks: sent, isDelimited: part.isDelimited };
  const coding = codings.join(', ');
  const undo = (coded: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    const chunks = decoded(coded, codings, storage.options.decoders);
    if (chunks === undefined)
      throw badBody(url, `came in an encoding that cannot be undone here (${coding})`);
    return chunks;
  };
  const refuse = () => badBody(url, `says that it is encoded (${coding}), and is not so or breaks off`);
  const chunks = isDecoded ? decodedIfCoded(sent, codings, undo) : undo(sent);
  return { chunks: decodedOrRefused(chunks, refuse), isDelimited: part.isDelimited && !isDecoded };
}

async function open(
  storage: StorageClient,
  request: ResultRequest,
  watchdog: Watchdog,
  about: CallOptions,
): Promise<ResultStream> {
  const startedAt = storage.options.now();
  const arrived = await follow(storage, request, watchdog.signal, about);
  logReply(storage, arrived, startedAt, about);
  const { response, url } = arrived;
  const part = describePart(response.status, response.headers, request.from ?? 0);
  const source = byteChunks(response.data);
  if (part === undefined && response.status === 206 && (request.from ?? 0) > 0) {
    // A different part than requested: it cannot be used, so request the whole.
    source.cancel();
    return open(storage, { url: request.url }, watchdog, about);
  }
  // A transport may ignore the signal after it has returned the headers.
  watchdog.signal.addEventListener('abort', () => source.cancel(), { once: true });
  if (part === undefined && response.status < 300)
    throw badBody(url, `answered ${response.status}, which is not the whole result`);
  if (part === undefined) throw await refusal(storage, arrived, { url: request.url, startedAt }, source);
  if (part.part === 'end') source.cancel();
  const body = bodyChunks(storage, url, part, { source, data: response.data }, watchdog);
  const { length: _length, codings: _codings, suggestedName: name, ...described } = part;
  const suggestedName = name && redactorOf(storage, request.url, url.href).shown(name);
  const named = suggestedName === undefined ? {} : { suggestedName };
  return { ...described, ...named, ...body, close: () => watchdog.abort() };
}

/** GET of a pre-signed URL ("Step 8: Download Results"). */
export function createFetchResult(options: FetchOptions): GoalClient['fetchResult'] {
  const storage: StorageClient = { options, send: createAskStorage(options) };
  return async (request, about = {}) => {
    const ms = options.stallTimeoutMs;
    const watchdog = createWatchdog(about.signal, ms, stalled(request.url, ms));
    try {
      return await open(storage, request, watchdog, about);
    } catch (error) {
      // A refusal is still one if its body stalls. Before our own abort, which must not count as the caller's.
      const isRefusal = isGoalLaneError(error) && error.failure.status !== undefined;
      const lost = isRefusal ? error : lostResult(storage, request.url, error, watchdog);
      watchdog.abort();
      throw lost;
    }
  };
}
