import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Answer, type ApiState, act, type ExpiredFile, errorBody } from './api-calls.js';
import type { Certificate } from './certificate.js';
import { type Call, faultOf, type ScriptedFault } from './faults.js';
import type { ServerJob, WorkflowSpec } from './job-book.js';
import { createLimits, type Limits } from './limits.js';
import { asWritten, type Readings } from './readings.js';
import { misbehave, send } from './replying.js';
import { createServerLog, type Entry, type ServerLog } from './server-log.js';
import { plainStorage, type StorageOptions, serveStored } from './storage-origin.js';
import { bodyOf } from './wire.js';

export interface UnseenOptions {
  readonly workflows: readonly WorkflowSpec[];
  readonly readings?: Partial<Readings>;
  readonly storage?: Partial<StorageOptions>;
  readonly faults?: readonly ScriptedFault[];
  readonly resultBytes?: number;
  readonly filename?: unknown;
  readonly expiredUploads?: number;
  readonly expiredFile?: ExpiredFile;
  readonly check?: ApiState['check'];
  readonly noResult?: Answer;
  readonly expiresAt?: () => string;
  readonly apiKey?: string;
  /** Ms of a clock that goes forward; for clients that live faster. Default: the machine's. */
  readonly clock?: () => number;
  /** Both origins speak TLS. */
  readonly certificate?: Certificate;
  /** Called before a request is acted upon: the second actor. */
  readonly meddle?: (call: Call, nth: number, jobs: ReadonlyMap<string, ServerJob>) => void;
}

export interface UnseenServer {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly log: ServerLog;
  readonly jobs: ReadonlyMap<string, ServerJob>;
  readonly files: ApiState['files'];
  close(): Promise<void>;
}

const ROUTES: readonly (readonly [string, RegExp, Call])[] = [
  ['GET', /^\/api\/v1\/workflows\/catalog$/, 'catalog'],
  ['POST', /^\/api\/v1\/upload$/, 'upload'],
  ['POST', /^\/api\/v1\/jobs\/goal$/, 'create'],
  ['GET', /^\/api\/v1\/jobs\/goal\/([^/]+)$/, 'job'],
  ['PATCH', /^\/api\/v1\/jobs\/goal\/([^/]+)\/slots$/, 'slots'],
  ['POST', /^\/api\/v1\/jobs\/goal\/([^/]+)\/confirm$/, 'confirm'],
  ['GET', /^\/api\/v1\/jobs\/goal\/([^/]+)\/status$/, 'status'],
  ['GET', /^\/api\/v1\/jobs\/goal\/([^/]+)\/download$/, 'download'],
];

function routeOf(request: IncomingMessage): { call: Call; jobId: string | undefined } | undefined {
  for (const [method, path, call] of ROUTES) {
    const match = request.method === method ? path.exec(request.url ?? '') : null;
    if (match !== null)
      return { call, jobId: match[1] === undefined ? undefined : decodeURIComponent(match[1]) };
  }
  return undefined;
}

interface Running {
  readonly options: UnseenOptions;
  readonly readings: Readings;
  readonly state: ApiState;
  readonly limits: Limits;
  readonly log: ServerLog;
  readonly apiKey: string;
  readonly refuseFor: (ms: number) => void;
}

function enter(
  log: ServerLog,
  call: Entry['call'],
  jobId: string | undefined,
  at = performance.now(),
): Entry {
  const nth = log.entries.filter((entry) => entry.call === call).length + 1;
  const entry: Entry = { call, nth, jobId, at };
  log.entries.push(entry);
  return entry;
}

function checkManners(running: Running, entry: Entry, request: IncomingMessage): void {
  const { log, limits } = running;
  if (entry.call === 'other') log.violations.push(`unknown call ${request.method} ${request.url}`);
  else if (limits.shutFor(entry.call) > 0)
    log.violations.push(`${entry.call} ${Math.round(limits.shutFor(entry.call))} ms before its reset`);
  const before = log.entries.findLast(
    (other) => other !== entry && other.call === 'status' && other.jobId === entry.jobId,
  );
  if (entry.call === 'status' && before !== undefined && entry.at - before.at < 2_000)
    log.violations.push(`status read ${Math.round(entry.at - before.at)} ms after the last`);
}

/** The API's origin. */
const apiListener =
  (running: Running): RequestListener =>
  async (request, response) => {
    const route = routeOf(request);
    const entry = enter(running.log, route?.call ?? 'other', route?.jobId, running.options.clock?.());
    checkManners(running, entry, request);
    const { readings, limits, refuseFor, options, state } = running;
    const fault = route && faultOf(options.faults ?? [], route.call, entry.nth);
    const isDeaf =
      fault !== undefined && (fault.do === 'reset' || fault.do === 'refuse') && !('acting' in fault);
    const body = isDeaf ? Buffer.alloc(0) : await bodyOf(request).catch(() => Buffer.alloc(0));
    const call = route?.call ?? 'catalog';
    const isKnown = request.headers.authorization === `Bearer ${running.apiKey}`;
    const work = (): Answer => {
      if (!isKnown)
        return errorBody(401, 'unauthorized', `key ${request.headers.authorization} is not valid`);
      if (route === undefined) return errorBody(404, 'not_found', 'no such call');
      options.meddle?.(call, entry.nth, state.jobs);
      const contentType = request.headers['content-type'] ?? '';
      return act(state, { ...route, contentType, body });
    };
    const exchange = { call, readings, limits, entry, response, work, refuseFor };
    if (fault === undefined) send(exchange, work());
    else misbehave(exchange, fault);
  };

const storageListener =
  (running: Running, urls: Map<string, string>, storage: StorageOptions): RequestListener =>
  (request, response) => {
    const entry = enter(running.log, 'storage', undefined);
    if (JSON.stringify([request.url, request.rawHeaders]).includes(running.apiKey))
      running.log.violations.push('the key at the storage origin');
    const fault = faultOf(running.options.faults ?? [], 'storage', entry.nth);
    const jobId = urls.get(request.url ?? '');
    const serial = [...urls.keys()].indexOf(request.url ?? '');
    const job = jobId === undefined ? undefined : running.state.jobs.get(jobId);
    const stored = job && { bytes: job.result, isExpired: serial < storage.expiredUrls };
    const serve = () => serveStored(storage, stored, entry.nth, request, response);
    if (fault === undefined || fault.do === 'spent') return serve();
    const { readings, limits, refuseFor } = running;
    const work = (): Answer => errorBody(500, 'trouble', 'scripted');
    if (fault.do === 'slow') return void setTimeout(serve, fault.ms);
    misbehave({ call: 'storage', readings, limits, entry, response, work, refuseFor }, fault);
  };

const createOrigin = (certificate: Certificate | undefined, listener: RequestListener): Server =>
  certificate === undefined ? createServer(listener) : createTlsServer({ ...certificate }, listener);

const listen = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function stateOf(options: UnseenOptions, readings: Readings, urlFor: ApiState['urlFor']): ApiState {
  return {
    readings,
    urlFor,
    workflows: options.workflows,
    resultBytes: options.resultBytes ?? 150_000,
    filename: 'filename' in options ? options.filename : 'output.zip',
    expiredUploads: options.expiredUploads ?? 0,
    expiredFile: options.expiredFile ?? errorBody(422, 'validation_error', 'file_id has expired'),
    check: options.check ?? (() => undefined),
    ...(options.noResult === undefined ? {} : { noResult: options.noResult }),
    expiresAt: options.expiresAt ?? (() => new Date(Date.now() + 3_600_000).toISOString()),
    files: new Map(),
    jobs: new Map(),
  };
}

/** A server that follows the API reference, written from it alone, and does the worst that it leaves room for. */
export async function startUnseenServer(options: UnseenOptions): Promise<UnseenServer> {
  const readings = { ...asWritten, ...options.readings };
  const urls = new Map<string, string>();
  const { certificate } = options;
  const scheme = certificate === undefined ? 'http' : 'https';
  let storagePort = 0;
  let apiPort = 0;
  let isClosed = false;
  const state = stateOf(options, readings, (job) => {
    const path = `/convilyn-results/${job.id}/output.zip?X-Amz-Signature=sig-${urls.size}-secret`;
    urls.set(path, job.id);
    return `${scheme}://127.0.0.1:${storagePort}${path}`;
  });
  const running: Running = {
    options,
    readings,
    state,
    limits: createLimits(readings),
    log: createServerLog(),
    apiKey: options.apiKey ?? 'sk-unseen-3f9a7c',
    refuseFor: (ms) => {
      void shut(api);
      setTimeout(() => isClosed || void listen(api, apiPort), ms);
    },
  };
  const api = createOrigin(certificate, apiListener(running));
  const stored = storageListener(running, urls, { ...plainStorage, ...options.storage });
  const storage = createOrigin(certificate, stored);
  storagePort = await listen(storage);
  apiPort = await listen(api);
  return {
    baseUrl: `${scheme}://127.0.0.1:${apiPort}/api/v1`,
    apiKey: running.apiKey,
    log: running.log,
    jobs: state.jobs,
    files: state.files,
    async close() {
      isClosed = true;
      await Promise.all([shut(api), shut(storage)]);
    },
  };
}
