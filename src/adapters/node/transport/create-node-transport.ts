import { createFetchTransport } from '../../../services/fetch/create-fetch-transport.js';
import { platformFetch } from '../../../services/fetch/fetch-function.js';
import type { Transport } from '../../../services/http/transport.js';
import { type Connections, createConnections } from './connections.js';
import { createDownloadAdapter } from './download-adapter.js';
import type { ProxyEnv } from './proxy-routes.js';
import { createUndiciAdapter } from './undici-adapter.js';
import { createUploadAdapter } from './upload-adapter.js';

/** Loaded with the first request, so that a command that sends nothing does not load it. */
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
 * How a Node process sends requests: over pooled, kept-alive connections, through proxies according to HTTP_PROXY, HTTPS_PROXY,
 * ALL_PROXY and NO_PROXY, which are read once. Call `close()` when done.
 */
export function createNodeTransport(env: ProxyEnv = process.env): Required<Transport> {
  // Bun replaces undici by a shell without pools that close.
  if (process.versions.bun !== undefined) {
    const { adapter } = createFetchTransport(platformFetch);
    return { adapter, download: adapter, fresh: adapter, close: () => undefined };
  }
  const kept = lazily(env, true);
  const fresh = lazily(env, false);
  const pooled = createUndiciAdapter(kept.connections);
  return {
    adapter: createUploadAdapter(kept.connections, pooled),
    download: createDownloadAdapter(kept.connections, pooled),
    fresh: createUndiciAdapter(fresh.connections),
    close() {
      kept.close();
      fresh.close();
    },
  };
}
