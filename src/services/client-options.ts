import type { AxiosAdapter } from 'axios';
import type { OpenFile } from './bytes/upload-body.js';
import type { AllowUrl } from './calls/storage-url.js';
import type { FetchFunction } from './fetch/fetch-function.js';
import type { ByteDecoder } from './goal-client.js';
import type { OnExchange, OnRequest } from './http/exchange.js';
import type { Transport } from './http/transport.js';
import type { RateBudget } from './limits/rate-budget.js';
import type { Logger } from './logger.js';

export interface GoalClientOptions {
  /** Goes to the API's origin and nowhere else (law 5). Default: `CONVILYN_API_KEY` of the environment, where the process has one. */
  readonly apiKey?: string | undefined;
  /** Default: `CONVILYN_BASE_URL` of the environment, else the one of the reference. */
  readonly baseUrl?: string | undefined;
  /** What is known of the key's limits; jobs of one key share it. Default: one of this client's own. */
  readonly budget?: RateBudget | undefined;
  /** Epoch ms of a clock that is never set; the job's and the client's must be the same. Default: the time of this process. */
  readonly now?: (() => number) | undefined;
  /** By how much the wall clock was set since that clock began, in ms. Default: that of this process, or 0 beside a `now`. */
  readonly wallOffset?: (() => number) | undefined;
  /** From sending to the last byte of the reply, in ms, from 1; transfers have none. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** How long a transfer may go without a byte, in ms, from 1. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined;
  readonly logger?: Logger | undefined;
  /**
   * Sends by this function, which is the platform's `fetch` or one with its contract, instead of by axios; axios is then not loaded. Redirects
   * are requested with `redirect: 'manual'`, so that the key follows none; fetch does not count what it uploads, so only the end of an upload is reported.
   */
  readonly fetch?: FetchFunction | undefined;
  /**
   * An axios transport in the place of the platform's own: for tests without a network, or on a page to count what is uploaded, which
   * XMLHttpRequest can (`axios.getAdapter('xhr')`) and fetch cannot. With `fetch` beside it, results come by that: XMLHttpRequest cannot stream.
   */
  readonly adapter?: AxiosAdapter | undefined;
  /** How the platform sends, from its adapter: on Node `createNodeTransport()`. Default: axios's own. */
  readonly transport?: Transport | undefined;
  /** Hears of every exchange: method, path, status, time, attempt, item version sent and got, what is left of the limit. */
  readonly onRequest?: OnRequest | undefined;
  /** Hears the same with headers and JSON bodies, whose secrets were taken out: for a trace. */
  readonly onExchange?: OnExchange | undefined;
  /** How a file is opened for its upload, from the adapter of the platform. */
  readonly openFile?: OpenFile | undefined;
  /** For content codings beyond gzip and deflate, by their names in lower case, from the adapter of the platform. */
  readonly decoders?: Readonly<Record<string, ByteDecoder>> | undefined;
  /**
   * Decides about each URL that a result is to be fetched from, redirects included: where it is not true, nothing is sent and the
   * call rejects with kind `rejected`. Its word is the last. Default: any https URL, and http where the API is http too.
   */
  readonly allowUrl?: AllowUrl | undefined;
}
