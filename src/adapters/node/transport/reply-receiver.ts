import type { IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { TransportError } from '../../../services/errors/transport-error.js';
import { decoderOf } from './decode-body.js';
import type { Outcome } from './exchange-once.js';
import { type Flow, ReplyBody } from './reply-body.js';
import { type ReplyHeaders, replyHeaders } from './reply-headers.js';
import { bodyBroken, proxyRefused, type RequestState, undiciError } from './undici-error.js';

type Config = InternalAxiosRequestConfig;
type Reply = AxiosResponse & { headers: ReplyHeaders };

/** The largest limit that zlib accepts. */
const LONGEST_BODY = 2 ** 31 - 1;

const longestOf = ({ maxContentLength = -1 }: Config): number =>
  maxContentLength < 0 ? Number.POSITIVE_INFINITY : maxContentLength;

/** Decoded data no longer matches the encoding and length in the headers, so they are removed, like in axios. */
function decoderFor({ decompress }: Config, { headers }: Reply): ReturnType<typeof decoderOf> {
  const decoder = decompress === false ? undefined : decoderOf(headers['content-encoding']);
  if (decoder === undefined) return undefined;
  delete headers['content-encoding'];
  delete headers['content-length'];
  return decoder;
}

async function dataOf(config: Config, reply: Reply, chunks: readonly Buffer[]): Promise<unknown> {
  const [only = Buffer.alloc(0)] = chunks;
  const raw = chunks.length > 1 ? Buffer.concat(chunks) : only;
  const decoder = raw.length === 0 ? undefined : decoderFor(config, reply);
  const body = decoder ? await decoder.whole(raw, Math.min(longestOf(config), LONGEST_BODY)) : raw;
  return config.responseType === 'arraybuffer' ? body : body.toString('utf8').replace(/^\uFEFF/, '');
}

/** Collects a reply, or passes it on as it arrives if a stream is requested. */
export class ReplyReceiver {
  readonly #config: Config;
  readonly #state: RequestState;
  readonly #outcome: Outcome;
  readonly #isForwarded: boolean;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #reply: Reply | undefined;
  #body: ReplyBody | undefined;

  constructor(config: Config, isForwarded: boolean, state: RequestState, outcome: Outcome) {
    this.#config = config;
    this.#isForwarded = isForwarded;
    this.#state = state;
    this.#outcome = outcome;
  }

  onResponseStart(flow: Flow, status: number, headers: IncomingHttpHeaders, statusText = ''): void {
    // An interim reply: the final one follows.
    if (status < 200) return;
    if (this.#isForwarded && status === 407) {
      this.#refuse(flow, proxyRefused(status));
      return;
    }
    const config = this.#config;
    const reply: Reply = { status, statusText, headers: replyHeaders(headers), config, data: '' };
    this.#reply = reply;
    this.#state.reply = reply;
    if (config.responseType !== 'stream') return;
    const body = new ReplyBody(flow);
    this.#body = body;
    const decoder = decoderFor(config, reply);
    reply.data = decoder ? pipeline([body, ...decoder.streams()], () => undefined) : body;
    this.#outcome.resolve(reply);
  }

  onResponseData(flow: Flow, chunk: Buffer): void {
    if (this.#body !== undefined) {
      this.#body.receive(chunk);
      return;
    }
    this.#bytes += chunk.length;
    const longest = longestOf(this.#config);
    if (this.#bytes > longest) this.#refuse(flow, this.#tooLong(longest));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.finish();
    const reply = this.#reply;
    if (reply === undefined || this.#body !== undefined) return;
    dataOf(this.#config, reply, this.#chunks).then(
      // One turn later, because only then the connection is back in the pool: otherwise an immediate next request would open
      // another.
      (data) => setImmediate(() => this.#outcome.resolve(Object.assign(reply, { data }))),
      (error: unknown) => this.#outcome.reject(undiciError(error, { isSent: true }, reply)),
    );
  }

  onResponseError(_flow: Flow, error: Error): void {
    // The reader of a stream already has the head of the reply.
    if (this.#body !== undefined) this.#body.breakOff(bodyBroken(error));
    else this.#outcome.reject(undiciError(error, this.#state, this.#reply));
  }

  #refuse(flow: Flow, error: Error): void {
    this.#outcome.reject(error);
    flow.abort(error);
  }

  #tooLong(longest: number): Error {
    const response = this.#reply === undefined ? {} : { response: this.#reply };
    const facts = { code: 'ERR_BAD_RESPONSE', isSent: true, ...response };
    return new TransportError(`maxContentLength size of ${longest} exceeded`, facts);
  }
}
