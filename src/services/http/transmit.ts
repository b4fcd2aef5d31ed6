import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { bodyOf } from './request-body.js';
import { RequestHeaders } from './request-headers.js';
import { API_SETTINGS, withoutProxy } from './request-settings.js';
import type { RequestWatch } from './request-watch.js';
import { lazyAxios, type Sending, type Transport } from './transport.js';

export interface TransmitOptions extends Sending {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** In ms. */
  readonly requestTimeoutMs: number;
}

/** Sends one request and returns its reply, whatever the status. */
export type Transmit = (watch: RequestWatch, url: string) => Promise<AxiosResponse>;

/** By the platform's transport, past axios's merging of options, which would cost more than the sending. */
function byTransport({ adapter, fresh = adapter }: Transport, common: RequestHeaders): Transmit {
  return (watch, url) => {
    const { request, marks } = watch;
    const { headers, ...body } = bodyOf(request);
    const own = headers === undefined ? common : common.with(headers);
    return (request.isOnce ? fresh : adapter)({
      // First what is of this request: V8 gives each object that begins with a spread a hidden class of its own for each property
      // that follows, at a microsecond a poll.
      url,
      method: request.method,
      headers: own.ofAxios,
      ...API_SETTINGS,
      // A transfer has a watchdog of its own.
      ...(request.isTransfer && request.signal === undefined ? undefined : { signal: watch }),
      ...(marks === undefined ? undefined : { marks }),
      ...body,
    });
  };
}

/** As axios writes them in a config. */
const AXIOS_METHODS = { GET: 'get', POST: 'post', PATCH: 'patch' } as const;

const WATCH = Symbol('watch');

interface Watched {
  readonly [WATCH]: RequestWatch;
}

/** A real AbortSignal, created when the adapter asks for it: most do not. One getter shared by all requests. */
const SIGNAL = {
  get(this: Watched): AbortSignal {
    return this[WATCH].real;
  },
  enumerable: true,
  configurable: true,
};

/** By a transport of the host's own, with what axios gives one, merged once and not for each request. */
function byAdapter(adapter: AxiosAdapter, common: RequestHeaders, options: TransmitOptions): Transmit {
  const settings = {
    ...API_SETTINGS,
    ...withoutProxy(options.baseUrl),
    // For adapters that keep time themselves; our own limit is in the watch.
    timeout: options.requestTimeoutMs,
    url: '',
    method: '',
    headers: common.ofAxios,
  };
  return (watch, url) => {
    const { request } = watch;
    const { headers, ...body } = bodyOf(request);
    // Assigned, not spread: what is added to a spread object costs a hidden class each, three microseconds in all.
    const config = Object.assign({}, settings, { [WATCH]: watch });
    config.url = url;
    config.method = AXIOS_METHODS[request.method];
    // Its own: what an adapter does to the headers of one request is not to be in the next.
    config.headers = common.with(headers).ofAxios;
    Object.defineProperty(config, 'signal', SIGNAL);
    // Boundary: axios completes what is left open here.
    return adapter(Object.assign(config, body) as InternalAxiosRequestConfig);
  };
}

function byAxios(options: TransmitOptions): Transmit {
  const ask = lazyAxios(options.loadAxios, { ...API_SETTINGS, headers: headersOf(options) });
  return (watch, url) =>
    ask({
      url,
      method: watch.request.method,
      ...bodyOf(watch.request),
      ...withoutProxy(options.baseUrl),
      signal: watch.real,
    });
}

/** The headers of every request to the API. */
export const headersOf = ({ apiKey }: Pick<TransmitOptions, 'apiKey'>) => ({
  Authorization: `Bearer ${apiKey}`,
  Accept: 'application/json',
});

export function createTransmit(options: TransmitOptions): Transmit {
  const { adapter, transport } = options;
  const headers = new RequestHeaders(headersOf(options));
  if (adapter !== undefined) return byAdapter(adapter, headers, options);
  return transport === undefined ? byAxios(options) : byTransport(transport, headers);
}
