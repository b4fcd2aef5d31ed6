import { type OnReadOpts, Socket } from 'node:net';
import type { Dispatcher, Pool } from 'undici';
import { defined } from '../../../services/defined.js';
import { type ProxyEnv, proxyAuthorization, proxyFor } from './proxy-routes.js';
import { skipInterim } from './skip-interim.js';
import { notNeeded, tunnelLost } from './undici-error.js';
import { WaitingRequests } from './waiting-requests.js';

/** The first hop of a request. */
export interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  /** Additional headers for this hop. */
  readonly headers: Readonly<Record<string, string>>;
  /** True if a proxy reads the request itself, as for plain http. */
  readonly isForwarded: boolean;
  /** Called before a request is dispatched; what it returns is called once the request has a connection, or has ended. */
  readonly awaitConnection: () => () => void;
}

export interface Connections {
  route(url: URL): Route;
  /** Whether a URL uses plain HTTP without a proxy. */
  isPlain(url: URL): boolean;
  /** Opens a dedicated connection for such a URL, that reads as `onread` specifies if given. @throws the error that prevented it */
  open(url: URL, onread?: OnReadOpts): Promise<Socket>;
  /** Closes every connection, including those being opened. A later request opens new ones. */
  close(): void;
}

type Undici = typeof import('undici');

/** In ms; after that nothing is lost by retrying. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than the longest pause between two polls; a server that closes earlier announces it, or just closes. */
const KEPT_MS = 120_000;
const KEPT = { keepAliveTimeout: KEPT_MS };
/** A connection that is opened for a request which ends before that must not rest for the next. */
const NOT_KEPT = { pipelining: 0, keepAliveTimeout: 1 };
/** A proxy that never answers must not occupy a connection forever. */
const TUNNEL_TIMEOUT_MS = 30_000;

/** Our own watchdogs handle time-outs. */
const UNTIMED = { headersTimeout: 0, bodyTimeout: 0 };

type Connector = ReturnType<Undici['buildConnector']>;

/** Tracks open sockets, including those being connected, because closing the pools would wait for them. */
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

/** Opens sockets. The connector returns each socket immediately, which its type does not show. */
const tracked =
  (connector: Connector, onSocket: (socket: Socket) => void): Connector =>
  (options, callback) => {
    const socket: unknown = connector(options, callback);
    if (socket instanceof Socket) onSocket(socket);
  };

/**
 * For a request that was aborted on its connection undici opens another one, on which it sends nothing: a server that is slow would
 * get two connections for each request, and a create would be sent on one that has rested.
 */
const ifNeeded =
  (connector: Connector, waiting: WaitingRequests): Connector =>
  (options, callback) => {
    if (waiting.isEmpty) throw notNeeded();
    connector(options, callback);
  };

/** A host name as sockets accept it. */
const bareHost = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A separate connector for each connection, because how it reads is set when the connector is created. */
function openDirectly(
  { buildConnector }: Undici,
  url: URL,
  onread: OnReadOpts | undefined,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  const { protocol, host, hostname, port } = url;
  const connect = tracked(buildConnector({ ...SETTINGS, ...defined({ onread }) }), onSocket);
  return new Promise((resolve, reject) => {
    connect({ protocol, host, hostname: bareHost(hostname), port }, (error, socket) => {
      if (socket === null) reject(error);
      else resolve(socket);
    });
  });
}

/**
 * Handles a proxy that closes instead of answering CONNECT. undici reopens a connection forever if it fails with its own code
 * (`UND_ERR_SOCKET`), and the request never gets an error: so the error is passed on with another code.
 */
function tunnelPool(pool: Pool): Pool {
  const open = (options: Dispatcher.ConnectOptions) => pool.connect(options);
  return new Proxy(pool, {
    get: (_, name) => {
      if (name === 'connect')
        return (options: Dispatcher.ConnectOptions) =>
          open(options).catch((error: unknown) => {
            throw tunnelLost(error);
          });
      const value: unknown = Reflect.get(pool, name, pool);
      return typeof value === 'function' ? value.bind(pool) : value;
    },
  });
}

/** Pools by proxy; those without a proxy are under the empty name. */
function createPools(undici: Undici, isKept: boolean) {
  const { track, destroyAll } = trackedSockets();
  const waiting = new WaitingRequests();
  const onSocket = (socket: Socket): void => {
    track(socket);
    skipInterim(socket);
  };
  const connect = ifNeeded(tracked(undici.buildConnector(SETTINGS), onSocket), waiting);
  const options = { ...UNTIMED, connect, ...(isKept ? KEPT : NOT_KEPT) };
  const pools = new Map<string, Dispatcher>();
  const through = (proxy: URL): Dispatcher => {
    const token = proxyAuthorization(proxy);
    return new undici.ProxyAgent({
      ...options,
      // The credentials are passed as a token, because undici uses those in the URL only if both are present.
      uri: `${proxy.protocol}//${proxy.host}`,
      ...defined({ token }),
      clientFactory: (origin) =>
        tunnelPool(new undici.Pool(origin, { connect, headersTimeout: TUNNEL_TIMEOUT_MS })),
    });
  };
  return {
    awaitConnection: () => waiting.begin(),
    open: (url: URL, onread?: OnReadOpts) => openDirectly(undici, url, onread, track),
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
 * The routes of one client: direct, or through proxies according to the environment. https uses one shared tunnel; plain http is
 * sent to the proxy directly, because many proxies open tunnels only to port 443.
 */
export function createConnections(undici: Undici, env: ProxyEnv, isKept: boolean): Connections {
  const { pool, open, close, awaitConnection } = createPools(undici, isKept);
  const route = (url: URL): Route => {
    const proxy = proxyFor(env, url);
    const { origin, host } = url;
    const path = url.pathname + url.search;
    if (proxy === undefined || url.protocol === 'https:')
      return { dispatcher: pool(proxy), origin, path, headers: {}, isForwarded: false, awaitConnection };
    const token = proxyAuthorization(proxy);
    const headers = { host, ...(token === undefined ? {} : { 'proxy-authorization': token }) };
    return {
      dispatcher: pool(),
      origin: proxy.origin,
      path: origin + path,
      headers,
      isForwarded: true,
      awaitConnection,
    };
  };
  return {
    route,
    isPlain: (url) => url.protocol === 'http:' && proxyFor(env, url) === undefined,
    open,
    close,
  };
}
