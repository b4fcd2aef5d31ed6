import type { InternalAxiosRequestConfig } from 'axios';
import { isLoopback } from './is-loopback.js';

/** How every request is made, by whichever transport. */
const EVERY = {
  // The key must not follow a redirect to wherever it leads; and with none, axios holds no upload in memory.
  maxRedirects: 0,
  validateStatus: () => true,
  // Bodies are read as they are and parsed by us: axios would swallow what is malformed.
  transformRequest: [(data: unknown) => data],
  transformResponse: [(data: unknown) => data],
  withCredentials: false,
} as const satisfies Partial<InternalAxiosRequestConfig>;

/** A request to the API, whose reply is text. */
export const API_SETTINGS = {
  ...EVERY,
  maxContentLength: 64 * 1024 * 1024,
  // Any other number, Infinity too, would lead each upload through one more stream.
  maxBodyLength: -1,
  responseType: 'text',
} as const satisfies Partial<InternalAxiosRequestConfig>;

/** A request to storage, whose reply is bytes as they come. */
export const STORAGE_SETTINGS = {
  ...EVERY,
  responseType: 'stream',
  // Decoded by us, where it must be: lengths and ranges are about what was sent.
  decompress: false,
} as const satisfies Partial<InternalAxiosRequestConfig>;

/** axios asks the environment for a proxy: it would get the key, in clear, of what never leaves this machine. */
export const withoutProxy = (url: string | URL) =>
  isLoopback(new URL(url).hostname) ? ({ proxy: false } as const) : {};
