import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import { type ProxyEnv, proxyAuthorization, proxyFor } from './proxy-routes.js';

/** Where a request goes first. */
export interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  /** What the way needs besides the request's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** True where a proxy reads the request itself, as it does for plain http. */
  readonly isForwarded: boolean;
}

export interface Connections {
  route(url: URL): Route;
  close(): void;
}

type Undici = typeof import('undici');

const LIMITS = {
  allowH2: false,
  // Time is kept by our own watchdogs.
  headersTimeout: 0,
  bodyTimeout: 0,
  connectTimeout: 10_000,
};

/** Longer than the longest pause between two polls; a server that closes earlier says so, or just closes. */
const KEPT_MS = 120_000;

/** A proxy that never answers must not hold a connection for ever. */
const TUNNEL_TIMEOUT_MS = 30_000;

/**
 * Pools of one client: direct ones and, as the environment says, through proxies. https goes through a tunnel, of which many requests
 * need but one; plain http is handed to the proxy as it is, for many a proxy opens tunnels to port 443 only.
 */
export function createConnections(undici: Undici, env: ProxyEnv, isKept: boolean): Connections {
  const options = { ...LIMITS, ...(isKept ? { keepAliveTimeout: KEPT_MS } : { pipelining: 0 }) };
  let direct: Agent | undefined;
  const tunnels = new Map<string, ProxyAgent>();
  const agent = (): Agent => {
    direct ??= new undici.Agent(options);
    return direct;
  };
  const tunnel = (proxy: URL): ProxyAgent => {
    const known = tunnels.get(proxy.href);
    if (known !== undefined) return known;
    const token = proxyAuthorization(proxy);
    const fresh = new undici.ProxyAgent({
      ...options,
      // The credentials go as a token: the URL's own are taken only where both are there.
      uri: `${proxy.protocol}//${proxy.host}`,
      ...(token === undefined ? {} : { token }),
      clientFactory: (origin, more) =>
        new undici.Pool(origin, { ...more, headersTimeout: TUNNEL_TIMEOUT_MS }),
    });
    tunnels.set(proxy.href, fresh);
    return fresh;
  };
  return {
    route(url) {
      const proxy = proxyFor(env, url);
      const path = url.pathname + url.search;
      const straight = { origin: url.origin, path, headers: {}, isForwarded: false };
      if (proxy === undefined) return { dispatcher: agent(), ...straight };
      if (url.protocol === 'https:') return { dispatcher: tunnel(proxy), ...straight };
      const token = proxyAuthorization(proxy);
      const headers = { host: url.host, ...(token === undefined ? {} : { 'proxy-authorization': token }) };
      return {
        dispatcher: agent(),
        origin: proxy.origin,
        path: url.origin + path,
        headers,
        isForwarded: true,
      };
    },
    close() {
      for (const dispatcher of [direct, ...tunnels.values()]) void dispatcher?.destroy();
    },
  };
}
