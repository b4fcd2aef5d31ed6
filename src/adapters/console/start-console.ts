import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { BYTES, checkNumbers, TIME_SPAN } from '../../services/check-numbers.js';
import type { RequestLog } from './request-log.js';
import { openAnswerBook } from './server/answer-book.js';
import type { ConsoleSource } from './server/console-source.js';
import { createApp } from './server/create-app.js';
import type { GuardName } from './server/guard/guards.js';
import { addSafetyHeaders } from './server/guard/headers.js';
import { createSession } from './server/guard/session.js';
import type { ServerContext } from './server/server-context.js';
import { openSpool } from './server/spool/spool.js';
import { createEventRing } from './server/stream/event-ring.js';
import { createEventStream } from './server/stream/event-stream.js';
import { createLiveRows } from './server/stream/live-rows.js';
import { watchedHistory } from './server/stream/watched-history.js';
import { watchSource } from './watch-source.js';
import type { About } from './wire/row.js';

export interface ConsoleOptions {
  readonly source: ConsoleSource;
  /** The exchanges with the API: pass its `add` as `onRequest` of the source. */
  readonly requests?: RequestLog | undefined;
  /** Default 4180; 0 picks a free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. Any other address requires a token. */
  readonly host?: string | undefined;
  /** Additional host names by which the console may be addressed. */
  readonly allowHosts?: readonly string[] | undefined;
  /** At least 128 bits. Required unless the address is a loopback address. */
  readonly token?: string | undefined;
  /** A folder for uploads in flight and the newest answers; what else is in it is not touched. */
  readonly uploadsDir: string;
  /** Removes secrets, such as the key, from an answer before it is stored. Default: as it was sent. */
  readonly redact?: (<Value>(value: Value) => Value) | undefined;
  /** Of one file, in bytes. Default 2 GiB. */
  readonly maxUploadBytes?: number | undefined;
  /** Of all files together. Default 10 GiB. */
  readonly maxSpoolBytes?: number | undefined;
  /** Ends an upload that sends nothing for this time, in ms, or less than 1 kB a second; other requests after at most 20 s. Default 60,000. */
  readonly uploadSilenceMs?: number | undefined;
  readonly about: Pick<About, 'version' | 'isDemo' | 'apiHost' | 'store' | 'outDir'>;
  /** @internal For tests of the guards: the active ones. */
  readonly guards?: readonly GuardName[] | undefined;
}

export interface RunningConsole {
  /** Open it in a browser. */
  readonly url: string;
  readonly port: number;
  /** Shows a warning on every page. */
  readonly warn: (words: string) => void;
  readonly close: () => Promise<void>;
}

const GIB = 1024 ** 3;
const MAX_FILES = 20;
/** For requests other than uploads. */
const MOST_SILENCE_MS = 20_000;

const isLoopbackAddress = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function listenOn(app: { fetch: Parameters<typeof serve>[0]['fetch'] }, port: number, hostname: string) {
  return new Promise<{ server: Server; port: number }>((resolve, reject) => {
    // A missing Host is refused by the guard, like a wrong one.
    const serverOptions = { requireHostHeader: false };
    const own = serve({ fetch: app.fetch, port, hostname, serverOptions }, ({ port: taken }: AddressInfo) =>
      resolve({ server, port: taken }),
    );
    // Boundary: plain HTTP/1.1, because no other kind was requested.
    const server = own as Server;
    addSafetyHeaders(server);
    server.once('error', reject);
  });
}

async function freePort(wanted: number, host: string): Promise<number> {
  if (wanted !== 0) return wanted;
  const { server, port } = await listenOn({ fetch: () => new Response() }, 0, host);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function contextOf(options: ConsoleOptions): Promise<ServerContext> {
  const now = Date.now;
  const { source, maxUploadBytes = 2 * GIB, maxSpoolBytes = 10 * GIB, uploadSilenceMs = 60_000 } = options;
  const boot = randomBytes(8).toString('hex');
  const spool = await openSpool({
    directory: options.uploadsDir,
    now,
    maxFileBytes: maxUploadBytes,
    maxBytes: maxSpoolBytes,
    silenceMs: uploadSilenceMs,
  });
  const answers = await openAnswerBook({ directory: options.uploadsDir, redact: options.redact });
  const stream = createEventStream(createEventRing(boot));
  const rows = createLiveRows({
    source,
    now,
    uploadsOf: spool.uploadsOf,
    onRow: (row) => stream.send({ type: 'job', now: now(), row }),
    onGone: (id) => stream.send({ type: 'gone', id }),
  });
  const about: About = { ...options.about, boot, maxUploadBytes, maxFiles: MAX_FILES };
  const history = source.history?.bind(source) ?? watchedHistory(source, now);
  return {
    source,
    about,
    spool,
    rows,
    stream,
    now,
    history,
    answers,
    ...(options.requests === undefined ? {} : { requests: options.requests.of }),
    starts: new Map(),
    silenceMs: Math.min(uploadSilenceMs, MOST_SILENCE_MS),
  };
}

/** The values of a Host header by which the console may be addressed. */
function hostsOf(allowHosts: readonly string[], port: number): ReadonlySet<string> {
  const others = allowHosts.map((name) => bracketed(name.toLowerCase()));
  const names = ['127.0.0.1', 'localhost', '[::1]', ...others];
  return new Set(names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]));
}

/**
 * Serves the web console for a lane or a client of a fleet.
 * @throws InvalidInputError for a limit that cannot be meant; TypeError for an address beyond the loopback without a token; the system's error if the port is taken
 */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  checkNumbers(options, { maxUploadBytes: BYTES, maxSpoolBytes: BYTES, uploadSilenceMs: TIME_SPAN });
  const { host = '127.0.0.1', allowHosts = [], token, guards } = options;
  if (!isLoopbackAddress(host) && (token === undefined || token.length < 22))
    throw new TypeError(`host ${host}: beyond the loopback a token of at least 22 characters is needed`);
  const port = await freePort(options.port ?? 4180, host);
  const context = await contextOf(options);
  await context.rows.readStore().catch(() => undefined);
  const session =
    isLoopbackAddress(host) || token === undefined ? undefined : createSession(token, port, Date.now);
  const app = await createApp({
    context,
    guard: {
      hosts: hostsOf(allowHosts, port),
      ...(session === undefined ? {} : { session: session.secret }),
    },
    ...(session === undefined ? {} : { session }),
    ...(guards === undefined ? {} : { guards }),
  });
  const { server } = await listenOn(app, port, host);
  server.headersTimeout = 20_000;
  server.requestTimeout = 0;
  const stopLooking = watchSource(context);
  return {
    url: `http://${bracketed(host === '0.0.0.0' || host === '::' ? 'localhost' : host)}:${port}/`,
    port,
    warn: (words) => context.stream.send({ type: 'warning', words }),
    async close() {
      stopLooking();
      context.rows.close();
      context.stream.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
