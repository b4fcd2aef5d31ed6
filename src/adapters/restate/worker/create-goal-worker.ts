import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { isLoopbackAddress } from '../../../services/http/is-loopback.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { preloadTransport } from '../../node/transport/preload-transport.js';
import { callsService } from '../calls/calls-service.js';
import { catalogService } from '../calls/catalog-service.js';
import { jobObject } from '../job/job-object.js';
import { keyObject } from '../key/key-object.js';
import { readerObject } from '../reader/reader-object.js';
import { loadSdk, type Sdk } from '../sdk/load-sdk.js';
import { createWorkerCore, type WorkerCore } from '../worker-core.js';
import type { GoalWorkerOptions } from '../worker-options.js';
import { engineLogger } from './engine-logger.js';
import { RELEASE_PATH } from './release.js';

export interface ListenOptions {
  /** Default 9080; 0 picks a free port. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`: only an engine on this machine can call. Other addresses require `identityKeys`. */
  readonly host?: string | undefined;
}

/** A process that serves jobs to the durable engine. */
export interface GoalWorker {
  /**
   * Resolves with the URL for `registerWorker`. It contains the release, so that the handlers of one release are never replayed
   * by another.
   * @throws GoalLaneError that says what to install if the engine's SDK is missing; the system's error if the port is taken
   */
  listen(options?: ListenOptions): Promise<{ readonly url: string }>;
  /** Handlers in flight end here and continue in another process; nothing is lost. */
  close(): Promise<void>;
}

/** Retried practically forever: workers may be unavailable for a long time. */
const PATIENT = {
  journalRetention: 0,
  retryPolicy: {
    initialInterval: 50,
    maxInterval: 5_000,
    exponentiationFactor: 2,
    maxAttempts: 1_000_000,
    onMaxAttempts: 'pause' as const,
  },
  inactivityTimeout: 60_000,
  abortTimeout: 600_000,
};

function handlerOf(sdk: Sdk, core: WorkerCore, options: GoalWorkerOptions) {
  return sdk.createEndpointHandler({
    services: [
      jobObject(sdk, core),
      callsService(sdk, core),
      keyObject({ sdk, options, now: core.now, release: RELEASE_PATH }),
      readerObject(sdk, core, RELEASE_PATH),
      catalogService(sdk, core),
    ],
    defaultServiceOptions: PATIENT,
    logger: engineLogger(options.logger),
    ...(options.identityKeys === undefined ? {} : { identityKeys: [...options.identityKeys] }),
  });
}

function checkHost(host: string, { identityKeys = [] }: GoalWorkerOptions): void {
  if (isLoopbackAddress(host) || identityKeys.length > 0) return;
  refuseInput(
    [`host is ${JSON.stringify(host)}: anyone who reaches it can call the worker as if it were the engine`],
    'Pass identityKeys, with which the engine signs its requests, or listen on 127.0.0.1.',
  );
}

/** Serves only the path of its release: it must not continue attempts that another release has started. */
function serve(handler: ReturnType<typeof handlerOf>): Http2Server {
  return createServer((request, response) => {
    const isOurs = request.url.startsWith(`${RELEASE_PATH}/`);
    if (isOurs) return handler(request, response);
    response.writeHead(503, { 'Content-Type': 'text/plain' });
    response.end(
      `This worker serves ${RELEASE_PATH}; an attempt of another release waits for a worker of that one.\n`,
    );
  });
}

/**
 * A worker of the durable engine in the host's own process. Nothing is loaded or listens before `listen`.
 *
 * @example
 * ```ts
 * import { createGoalWorker, keysFromEnv, registerWorker } from 'goal-lane/restate';
 *
 * const worker = createGoalWorker({ keys: keysFromEnv(), results: '/mnt/results' });
 * const { url } = await worker.listen({ port: 9080 });
 * await registerWorker({ admin: 'http://127.0.0.1:9070', url });
 * ```
 */
export function createGoalWorker(options: GoalWorkerOptions): GoalWorker {
  const core = createWorkerCore(options);
  const sessions = new Set<ServerHttp2Session>();
  let server: Http2Server | undefined;
  return {
    async listen({ port = 9080, host = '127.0.0.1' } = {}) {
      checkHost(host, options);
      if (server !== undefined)
        refuseInput(['this worker listens already'], 'Create another one, or close this one first.');
      const [sdk] = await Promise.all([loadSdk(), preloadTransport()]);
      const handler = handlerOf(sdk, core, options);
      const listening = serve(handler);
      server = listening;
      listening.on('session', (session) => {
        sessions.add(session);
        session.on('close', () => sessions.delete(session));
        session.on('error', () => undefined);
      });
      await new Promise<void>((resolve, reject) => {
        listening.once('error', (error) => {
          if (!listening.listening) server = undefined;
          reject(error);
        });
        listening.listen(port, host, resolve);
      });
      // Boundary: a server that listens on a port has an address of this kind.
      const address = listening.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      return { url: `http://${name}:${address.port}${RELEASE_PATH}` };
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        if (server === undefined) resolve();
        else server.close(() => resolve());
      });
      for (const session of sessions) session.destroy();
      await closed;
      core.close();
    },
  };
}
