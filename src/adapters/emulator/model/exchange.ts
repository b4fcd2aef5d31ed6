import { defined } from '../../../services/defined.js';
import { type EmulatedEndpoint, type Routing, routeOf } from './endpoint.js';
import type { BodySummary, LogEntry, OpenEntry } from './log.js';
import type { ModelReply, ModelRequest } from './messages.js';
import { bringUpToDate } from './past.js';
import { rateStateAt } from './rate-limits.js';
import { isFields, isVersion, jsonObject } from './read-body.js';
import type { KeyRecord, RemoteJob, World } from './world.js';

export type Origin = 'api' | 'storage';

/** A request while the model handles it. */
export interface Exchange {
  readonly world: World;
  readonly request: ModelRequest;
  /** Epoch ms. */
  readonly now: number;
  readonly routing: Routing | 'storage';
  readonly key: KeyRecord | undefined;
  /** The job in the path, advanced to `now`, if it exists and belongs to the key. */
  readonly job: RemoteJob | undefined;
  readonly entry: OpenEntry;
}

const BEARER = /^Bearer\s+(\S+)\s*$/i;

/** The key in an `Authorization` header, if known. */
export function keyOf(world: World, authorization: string | undefined): KeyRecord | undefined {
  const given = BEARER.exec(authorization ?? '')?.[1];
  return given === undefined ? undefined : world.keys.get(given);
}

function keyLabel(request: ModelRequest, key: KeyRecord | undefined): string {
  if (key !== undefined) return key.label;
  return request.headers.authorization === undefined ? 'none' : 'unknown';
}

/** The part of a body that is logged: never a slot's value. */
function summaryOf(request: ModelRequest): BodySummary {
  const body = jsonObject(request.body);
  if (body === undefined) return {};
  const { itemVersion, slots, workflowId, fileIds } = body;
  const slotIds = Array.isArray(slots)
    ? slots.map((slot: unknown) => String(isFields(slot) ? slot.slotId : slot))
    : undefined;
  return {
    ...(isVersion(itemVersion) ? { itemVersion } : {}),
    ...(slotIds ? { slotIds } : {}),
    ...(typeof workflowId === 'string' ? { workflowId } : {}),
    ...(Array.isArray(fileIds) ? { fileIds: fileIds.map(String) } : {}),
  };
}

const pathOnly = (path: string): string => path.split('?')[0] ?? path;

/** The path below the base URL; undefined if it is elsewhere. */
const belowBase = ({ basePath }: World, path: string): string | undefined =>
  path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;

function routingOf(world: World, origin: Origin, request: ModelRequest): Exchange['routing'] {
  if (origin === 'storage') return 'storage';
  const path = belowBase(world, pathOnly(request.path));
  return path === undefined ? 'path-unknown' : routeOf(request.method, path);
}

function jobNamed(
  world: World,
  routing: Exchange['routing'],
  request: ModelRequest,
  key: KeyRecord | undefined,
): RemoteJob | undefined {
  if (routing === 'storage')
    return world.jobs.get(/^\/convilyn-results\/([^/]+)/.exec(request.path)?.[1] ?? '');
  const id = typeof routing === 'object' ? routing.jobSpecId : undefined;
  const job = id === undefined ? undefined : world.jobs.get(id);
  return job !== undefined && job.key === key ? job : undefined;
}

const endpointOf = (routing: Exchange['routing']): EmulatedEndpoint | 'none' =>
  typeof routing === 'object' ? routing.endpoint : routing === 'storage' ? 'storage' : 'none';

/** Records a status read: the reference requires 2 s between two of a job. */
function noteStatusRead(world: World, job: RemoteJob, entry: OpenEntry): void {
  if (job.lastStatusAt !== undefined) {
    entry.sinceStatusMs = entry.sentAt - job.lastStatusAt;
    entry.tooSoon = entry.sinceStatusMs < world.settings.statusIntervalMs;
  }
  job.lastStatusAt = entry.sentAt;
}

/** What is known of a request before its body is read. */
export function headOf(
  world: World,
  request: ModelRequest,
): { readonly endpoint: EmulatedEndpoint | 'none'; readonly key: string } {
  const key = keyLabel(request, keyOf(world, request.headers.authorization));
  return { endpoint: endpointOf(routingOf(world, 'api', request)), key };
}

const LONGEST_LOG = 100_000;

/** Keeps the log from growing without end: of a long one, the oldest tenth is dropped at once. */
function keepEntry(log: OpenEntry[], entry: OpenEntry): void {
  if (log.length >= LONGEST_LOG) log.splice(0, LONGEST_LOG / 10);
  log.push(entry);
}

/** Resolves key, endpoint and job of a request, and opens its log entry. */
export function openExchange(world: World, origin: Origin, request: ModelRequest, now: number): Exchange {
  const routing = routingOf(world, origin, request);
  const key = keyOf(world, request.headers.authorization);
  const job = jobNamed(world, routing, request, key);
  if (job !== undefined) bringUpToDate(job, now);
  const jobSpecId = typeof routing === 'object' ? routing.jobSpecId : job?.jobSpecId;
  const entry: OpenEntry = {
    index: world.requests,
    at: now,
    sentAt: request.sentAt ?? now,
    key: keyLabel(request, key),
    endpoint: endpointOf(routing),
    method: request.method,
    path: pathOnly(request.path),
    ...defined({ jobSpecId }),
    body: summaryOf(request),
    hadAuthorization: request.headers.authorization !== undefined,
    status: undefined,
    faults: [],
    tooSoon: false,
  };
  world.requests += 1;
  if (key !== undefined && typeof routing === 'object') {
    entry.rate = rateStateAt(world, key, routing.endpoint, now, entry.sentAt);
    if (routing.endpoint === 'status' && job !== undefined) noteStatusRead(world, job, entry);
  }
  if (world.settings.keepLog) keepEntry(world.log, entry);
  return { world, request, now, routing, key, job, entry };
}

const errorWord = (reply: ModelReply): string | undefined => {
  const error = reply.status >= 400 ? jsonObject(reply.text)?.error : undefined;
  return typeof error === 'string' ? error : undefined;
};

/** Completes the log entry when the reply is decided (undefined: there is none). */
export function closeExchange({ world, entry }: Exchange, reply: ModelReply | undefined): LogEntry {
  entry.status = reply?.status;
  const error = reply && errorWord(reply);
  if (error !== undefined) entry.error = error;
  world.settings.onLog?.(entry);
  return entry;
}
