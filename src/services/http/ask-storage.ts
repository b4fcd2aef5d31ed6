import type { AxiosResponse } from 'axios';
import { noReply, TransportError } from '../errors/transport-error.js';
import type { RequestMarks } from './exchange.js';
import { isReply } from './is-reply.js';
import { RequestHeaders } from './request-headers.js';
import { STORAGE_SETTINGS, withoutProxy } from './request-settings.js';
import { lazyAxios, type Sending } from './transport.js';

export interface StorageRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly marks?: RequestMarks | undefined;
}

/** One GET of storage: the head of its reply, and its bytes as they come. */
export type AskStorage = (request: StorageRequest) => Promise<AxiosResponse>;

interface StorageSending extends Sending {
  /** For an adapter of the host's own, which keeps time by its own clock. In ms. */
  readonly stallTimeoutMs: number;
}

const canceled = ({ reason }: AbortSignal, isSent: boolean): Error =>
  new TransportError('the request was aborted', { code: 'ERR_CANCELED', isSent, cause: reason });

/** Asks apart from the API's requests: it never held the key, so nothing can carry the key to storage (law 5). */
export function createAskStorage({
  adapter,
  transport,
  loadAxios,
  stallTimeoutMs,
}: StorageSending): AskStorage {
  const own = transport?.download ?? transport?.adapter;
  const send = own ?? adapter;
  const timeout = own === undefined ? stallTimeoutMs : 0;
  // XMLHttpRequest cannot stream; fetch can.
  const byAxios = lazyAxios(loadAxios, { adapter: ['http', 'fetch'], ...STORAGE_SETTINGS });
  return async ({ url: { href: url }, headers, signal, marks }) => {
    if (signal.aborted) throw canceled(signal, false);
    const about = { url, signal, ...withoutProxy(url), ...(marks === undefined ? {} : { marks }) };
    const response = await (send === undefined
      ? byAxios({ ...about, headers })
      : send({
          ...STORAGE_SETTINGS,
          ...about,
          method: 'get',
          headers: new RequestHeaders(headers).ofAxios,
          timeout,
        }));
    if (!isReply(response))
      throw noReply(own === undefined ? 'adapter' : 'transport', response, 'a response of axios');
    // A transport of the host's own may not have looked at the signal, or leave out what it has nothing to say of.
    if (signal.aborted) throw canceled(signal, true);
    return { ...response, headers: response.headers ?? {} };
  };
}
