import axios, {
  type AxiosAdapter,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { isLoopback } from './is-loopback.js';
import { bodyOf } from './request-body.js';
import type { RequestWatch } from './request-watch.js';
import type { Transport } from './transport.js';

export interface TransmitOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** In ms. */
  readonly requestTimeoutMs: number;
  readonly adapter?: AxiosAdapter;
  readonly transport?: Transport;
}

/** Sends one request and returns its reply, whatever the status. */
export type Transmit = (watch: RequestWatch, url: string) => Promise<AxiosResponse>;

/** Settings of every request, for any transport. */
const SETTINGS = {
  // The key must not follow a redirect; and without redirects axios does not buffer uploads in memory.
  maxRedirects: 0,
  maxContentLength: 64 * 1024 * 1024,
  // Any other number, even Infinity, would pipe each upload through an additional stream.
  maxBodyLength: -1,
  responseType: 'text',
  // Bodies are read as text and parsed by us, because axios ignores malformed JSON.
  transformRequest: [(data: unknown) => data],
  transformResponse: [(data: unknown) => data],
  validateStatus: () => true,
  withCredentials: false,
} as const satisfies Partial<InternalAxiosRequestConfig>;

/** Copies headers whose names and values axios has already validated. */
const copied = (checked: AxiosHeaders): AxiosHeaders => Object.assign(new AxiosHeaders(), checked);

/** Sends with the platform's transport and skips axios's merging of options, which costs more than sending. */
function byTransport({ adapter, fresh = adapter }: Transport, common: AxiosHeaders): Transmit {
  return (watch, url) => {
    const { request, marks } = watch;
    const { headers, ...body } = bodyOf(request);
    return (request.isOnce ? fresh : adapter)({
      ...SETTINGS,
      url,
      method: request.method,
      headers: headers === undefined ? common : copied(common).set(headers),
      // A transfer has its own watchdog.
      ...(request.isTransfer && request.signal === undefined ? undefined : { signal: watch }),
      ...(marks === undefined ? undefined : { marks }),
      ...body,
    });
  };
}

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

/** Sends with a host's adapter and the full axios config, merged once instead of for each request. */
function byAdapter(given: AxiosAdapter, instance: AxiosInstance, options: TransmitOptions): Transmit {
  const adapter = axios.getAdapter(given);
  const common = new AxiosHeaders(headersOf(options));
  const settings = {
    ...instance.defaults,
    ...withoutProxy(options.baseUrl),
    // For adapters that keep time themselves; our own limit is in the watch.
    timeout: options.requestTimeoutMs,
    url: '',
    method: '',
    headers: common,
  };
  return (watch, url) => {
    const { request } = watch;
    const { headers, ...body } = bodyOf(request);
    const config = { ...settings, [WATCH]: watch };
    config.url = url;
    config.method = request.method.toLowerCase();
    config.headers = headers === undefined ? copied(common) : copied(common).set(headers);
    Object.defineProperty(config, 'signal', SIGNAL);
    // Boundary: `axios.create` completes the defaults, whose types leave some open.
    return adapter(Object.assign(config, body) as InternalAxiosRequestConfig);
  };
}

// axios takes a proxy from the environment: for a loopback address, the proxy would receive the key unencrypted.
const withoutProxy = (url: string) => (isLoopback(new URL(url).hostname) ? ({ proxy: false } as const) : {});

const byAxios =
  (instance: AxiosInstance, options: TransmitOptions): Transmit =>
  (watch, url) =>
    instance.request({
      url,
      method: watch.request.method,
      ...bodyOf(watch.request),
      ...withoutProxy(options.baseUrl),
      signal: watch.real,
    });

/** The headers of every request to the API. */
export const headersOf = ({ apiKey }: Pick<TransmitOptions, 'apiKey'>) => ({
  Authorization: `Bearer ${apiKey}`,
  Accept: 'application/json',
});

export function createTransmit(options: TransmitOptions): Transmit {
  const { adapter, transport } = options;
  const headers = headersOf(options);
  if (adapter === undefined && transport !== undefined)
    return byTransport(transport, new AxiosHeaders(headers));
  const instance = axios.create({ ...SETTINGS, headers });
  return adapter === undefined ? byAxios(instance, options) : byAdapter(adapter, instance, options);
}
