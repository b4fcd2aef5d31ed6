import { type OnReadOpts, Socket } from 'node:net';
import type { Dispatcher, Pool } from 'undici';
import { defined } from '../../../services/defined.js';
import { type ProxyEnv, proxyAuthorization, proxyFor } from './proxy-routes.js';
import { skipContinue } from './skip-continue.js';
import { undiciError } from './undici-error.js';

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
  /** Is it plain HTTP, without a proxy on the way? */
  isPlain(url: URL): boolean;
  /** A connection of its own for such a URL, that reads as `onread` says. @throws what kept it from standing */
  open(url: URL, onread: OnReadOpts): Promise<Socket>;
  /** Ends every connection, also one that does not stand yet. A later request opens others. */
  close(): void;
}

type Undici = typeof import('undici');

/** In ms; from then on there is nothing to lose by trying again. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than the longest pause between two polls; a server that closes earlier says so, or just closes. */
const KEPT_MS = 120_000;
/** A proxy that never answers must not hold a connection for ever. */
const TUNNEL_TIMEOUT_MS = 30_000;

/** Time is kept by our own watchdogs. */
const UNTIMED = { headersTimeout: 0, bodyTimeout: 0 };

type Connector = ReturnType<Undici['buildConnector']>;

/** Remembers sockets while they are open, those too that do not stand yet: the pools would wait for them when they are closed. */
function trackedSockets() {
  const sockets = new Set<Socket>();
  return {
    track(socket: Socket): void {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const SETTINGS = { allowH2: false, timeout: CONNECT_TIMEOUT_MS };

/** Opens sockets. It gives each as it opens it, of which its type does not tell. */
const tracked =
  (connector: Connector, onSocket: (socket: Socket) => void): Connector =>
  (options, callback) => {
    const socket: unknown = connector(options, callback);
    if (socket instanceof Socket) onSocket(socket);
  };

/** A host as sockets take it. */
const bareHost = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A connector of its own for each connection: how it reads is said as it is made. */
function openDirectly(
  { buildConnector }: Undici,
  url: URL,
  onread: OnReadOpts,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  const { protocol, host, hostname, port } = url;
  const connect = tracked(buildConnector({ ...SETTINGS, onread }), onSocket);
  return new Promise((resolve, reject) => {
    connect({ protocol, host, hostname: bareHost(hostname), port }, (error, socket) => {
      if (socket === null) reject(error);
      else resolve(socket);
    });
  });
}

/**
 * A proxy that closes instead of answering CONNECT. undici takes its own code for that (`UND_ERR_SOCKET`) for a connection that is worth
 * opening again, at once and without end, and the request hears of nothing: it is given the error under another code.
 */
function tunnelPool(pool: Pool): Pool {
  const open = (options: Dispatcher.ConnectOptions) => pool.connect(options);
  return new Proxy(pool, {
    get: (_, name) => {
      if (name === 'connect')
        return (options: Dispatcher.ConnectOptions) =>
          open(options).catch((error: unknown) => {
            throw undiciError(error, { isSent: false });
          });
      const value: unknown = Reflect.get(pool, name, pool);
      return typeof value === 'function' ? value.bind(pool) : value;
    },
  });
}

/** Pools by the proxy that they go through; those without one are under the empty name. */
function createPools(undici: Undici, isKept: boolean) {
  const { track, destroyAll } = trackedSockets();
  const connect = tracked(undici.buildConnector(SETTINGS), (socket) => {
    track(socket);
    skipContinue(socket);
  });
  const options = { ...UNTIMED, connect, ...(isKept ? { keepAliveTimeout: KEPT_MS } : { pipelining: 0 }) };
  const pools = new Map<string, Dispatcher>();
  const through = (proxy: URL): Dispatcher => {
    const token = proxyAuthorization(proxy);
    return new undici.ProxyAgent({
      ...options,
      // The credentials go as a token: the URL's own are taken only where both are there.
      uri: `${proxy.protocol}//${proxy.host}`,
      ...defined({ token }),
      clientFactory: (origin) =>
        tunnelPool(new undici.Pool(origin, { connect, headersTimeout: TUNNEL_TIMEOUT_MS })),
    });
  };
  return {
    open: (url: URL, onread: OnReadOpts) => openDirectly(undici, url, onread, track),
    pool(proxy?: URL): Dispatcher {
      const name = proxy?.href ?? '';
      const pool = pools.get(name) ?? (proxy ? through(proxy) : new undici.Agent(options));
      pools.set(name, pool);
      return pool;
    },
    close() {
      for (const pool of pools.values()) void pool.destroy();
      pools.clear();
      destroyAll();
    },
  };
}

/**
 * The ways of one client: direct ones and, as the environment says, through proxies. https goes through a tunnel, of which many requests
 * need but one; plain http is handed to the proxy as it is, for many a proxy opens tunnels to port 443 only.
 */
export function createConnections(undici: Undici, env: ProxyEnv, isKept: boolean): Connections {
  const { pool, open, close } = createPools(undici, isKept);
  const route = (url: URL): Route => {
    const proxy = proxyFor(env, url);
    const { origin, host } = url;
    const path = url.pathname + url.search;
    if (proxy === undefined || url.protocol === 'https:')
      return { dispatcher: pool(proxy), origin, path, headers: {}, isForwarded: false };
    const token = proxyAuthorization(proxy);
    const headers = { host, ...(token === undefined ? {} : { 'proxy-authorization': token }) };
    return {
      dispatcher: pool(),
      origin: proxy.origin,
      path: origin + path,
      headers,
      isForwarded: true,
    };
  };
  return {
    route,
    isPlain: (url) => url.protocol === 'http:' && proxyFor(env, url) === undefined,
    open,
    close,
  };
}
