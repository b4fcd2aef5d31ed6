import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { TransportError } from '../errors/transport-error.js';
import { RequestMarks } from '../http/exchange.js';
import { RequestWatch } from '../http/request-watch.js';
import type { Transport } from '../http/transport.js';
import type { FetchFunction } from './fetch-function.js';
import { replyHead } from './reply-head.js';
import { replyText } from './reply-text.js';
import { requestInit } from './request-init.js';

type Config = InternalAxiosRequestConfig;

const signalOf = ({ signal }: Config): AbortSignal | undefined => {
  if (signal instanceof RequestWatch) return signal.real;
  return signal instanceof AbortSignal ? signal : undefined;
};

/** With the head of the reply, if it had arrived. */
const aborted = (signal: AbortSignal, isSent: boolean, response?: AxiosResponse): TransportError =>
  new TransportError('the request was aborted', {
    code: 'ERR_CANCELED',
    isSent,
    response,
    cause: signal.reason,
  });

/** What `work` gives, or the abort, whichever comes first: a `fetch` of the host's own may not look at its signal. */
async function unlessAborted<Value>(
  signal: AbortSignal | undefined,
  work: Promise<Value>,
  head?: AxiosResponse,
): Promise<Value> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(aborted(signal, true, head));
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    stop();
  }
}

function textOf(config: Config, head: AxiosResponse, response: Response, signal: AbortSignal | undefined) {
  const { maxContentLength = -1 } = config;
  const longest = maxContentLength < 0 ? Number.POSITIVE_INFINITY : maxContentLength;
  const broken = (message: string, cause?: unknown): TransportError =>
    new TransportError(message, { code: 'ERR_BAD_RESPONSE', isSent: true, response: head, cause });
  return unlessAborted(signal, replyText(response, longest, broken, signal), head);
}

/**
 * `fetch` as a transport. It sends once and follows no redirect, gives every status as a reply, keeps no time (its caller does, by the signal)
 * and, of a request that was lost, reports it as sent unless it was never started: whether a connection was never established is read from the
 * error by the classification. @throws TransportError
 */
export function createFetchTransport(fetch: FetchFunction): Transport {
  const adapter: AxiosAdapter = async (config) => {
    const signal = signalOf(config);
    if (signal?.aborted) throw aborted(signal, false);
    const marks = 'marks' in config && config.marks instanceof RequestMarks ? config.marks : undefined;
    const init = requestInit(config, signal);
    if (marks !== undefined) marks.sentAt = performance.now();
    // A host's may give a reply that is not promised.
    const sending = Promise.resolve(fetch(config.url ?? '', init));
    const response = await unlessAborted(signal, sending).catch((error: unknown) => {
      // Comes later than the abort, and holds a connection.
      if (signal?.aborted) void sending.then((late) => late?.body?.cancel()).catch(() => undefined);
      throw error;
    });
    if (marks !== undefined) marks.answeredAt = performance.now();
    const head = replyHead(config, response);
    const data =
      config.responseType === 'stream' ? response.body : await textOf(config, head, response, signal);
    return { ...head, data };
  };
  return { adapter };
}
