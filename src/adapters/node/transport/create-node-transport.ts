import type { Transport } from '../../../services/http/transport.js';
import { type Connections, createConnections } from './connections.js';
import { createDownloadAdapter } from './download-adapter.js';
import type { ProxyEnv } from './proxy-routes.js';
import { createUndiciAdapter } from './undici-adapter.js';

/** Loaded with the first request: a command that sends nothing does without it. */
function lazily(env: ProxyEnv, isKept: boolean) {
  let loading: Promise<Connections> | undefined;
  return {
    connections(): Promise<Connections> {
      loading ??= import('undici').then((undici) => createConnections(undici, env, isKept));
      return loading;
    },
    close(): void {
      void loading?.then((connections) => connections.close());
    },
  };
}

/**
 * How a Node process sends: pooled connections that are kept for the next request, through proxies as HTTP_PROXY, HTTPS_PROXY, ALL_PROXY
 * and NO_PROXY say, which is looked up here once. `close()` it when it is done with.
 */
export function createNodeTransport(env: ProxyEnv = process.env): Required<Transport> {
  const kept = lazily(env, true);
  const fresh = lazily(env, false);
  const adapter = createUndiciAdapter(kept.connections);
  return {
    adapter,
    download: createDownloadAdapter(kept.connections, adapter),
    fresh: createUndiciAdapter(fresh.connections),
    close() {
      kept.close();
      fresh.close();
    },
  };
}
