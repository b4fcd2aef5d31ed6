import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { defined } from '../../../services/defined.js';
import { processTime } from '../../../services/time/steady-time.js';
import { createEmulatorModel, type EmulatorModel } from '../emulator-model.js';
import type { EmulatorModelOptions } from '../emulator-options.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { Origin } from '../model/exchange.js';
import type { LogEntry } from '../model/log.js';
import type { ModelRequest } from '../model/messages.js';
import { seededRandom } from '../model/seeded-random.js';
import { type Guard, namedOrigins } from './guard-requests.js';
import { type Listening, listen } from './listen.js';
import { serveOrigin } from './serve-origin.js';
import type { UploadRoom } from './upload-room.js';

export interface EmulatorOptions extends Omit<EmulatorModelOptions, 'apiUrl' | 'storageUrl' | 'token'> {
  /** Port of the API origin. Default 0: any free one. */
  readonly port?: number | undefined;
  /** Port of the storage origin. Default 0. */
  readonly storagePort?: number | undefined;
  /** The server's time, epoch ms. Default: the machine's, unaffected by setting its clock. Delays of faults always use real time. */
  readonly clock?: { now(): number } | undefined;
  /** Address to listen on. Default `127.0.0.1`: not reachable from other machines. */
  readonly host?: string | undefined;
  /** Origins of web pages that may connect, such as `http://localhost:5173`. Default: none. */
  readonly allowOrigins?: readonly string[] | undefined;
  /**
   * Makes ids, key and signatures the same at each start, for repeatable tests. Default: new unguessable ones each time; with a
   * seed, anyone who knows this file can guess them.
   */
  readonly seed?: number | undefined;
  /**
   * Uploads up to this size are stored on disk and included in the result; of larger ones only name, size and hash are kept.
   * Default 64 MiB.
   */
  readonly keepUpToBytes?: number | undefined;
  /** Maximum disk space of all uploads; later ones are not stored. Default 1 GiB. */
  readonly keepAtMostBytes?: number | undefined;
  /** Larger files are refused with 413. Default 16 GiB. */
  readonly maxUploadBytes?: number | undefined;
}

/** The emulated API as two real HTTP servers on this machine. */
export interface Emulator {
  /** Such as `http://127.0.0.1:port/api/v1`. */
  readonly baseUrl: string;
  /** Origin of the pre-signed URLs. */
  readonly storageUrl: string;
  /** A key that it accepts. */
  readonly apiKey: string;
  readonly log: readonly LogEntry[];
  /** The scripted faults, which can be changed at any time. */
  readonly faults: FaultPlan;
  readonly model: EmulatorModel;
  /** Stops listening on the API origin for `ms`. Resolves once new connections get ECONNREFUSED. */
  refuseConnections(ms: number): Promise<void>;
  /** Closes servers, sockets and timers, and removes the uploads. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const DEFAULTS = { keepUpToBytes: 64 * MIB, keepAtMostBytes: 1024 * MIB, maxUploadBytes: 16_384 * MIB };

/** What both origins share. The model is added later, because it must know their ports. */
interface Site {
  readonly room: UploadRoom;
  readonly guard: Guard;
  readonly now: () => number;
  readonly closing: AbortController;
  readonly origins: Map<Origin, Listening>;
  model: EmulatorModel | undefined;
}

function modelOf({ model }: Site): EmulatorModel {
  if (model === undefined) throw new Error('the emulator is still starting');
  return model;
}

async function openOrigin(site: Site, origin: Origin, port: number): Promise<Listening> {
  const isAdmitted = ({ headers }: ModelRequest): boolean =>
    origin === 'api' && modelOf(site).admits(headers.authorization);
  const listener = serveOrigin({
    guard: site.guard,
    roomFor: (head) => (isAdmitted(head) ? site.room : undefined),
    now: site.now,
    exchangeEarly: (head) => (origin === 'api' ? modelOf(site).exchangeEarly(head, site.now()) : undefined),
    exchange: (request) => modelOf(site).exchange(origin, request, site.now()),
    refuseFor: (ms) => void site.origins.get(origin)?.refuseFor(ms),
    closing: site.closing.signal,
  });
  const listening = await listen({ host: site.guard.host, port }, listener);
  site.origins.set(origin, listening);
  return listening;
}

async function closeSite(site: Site): Promise<void> {
  site.closing.abort();
  await Promise.all([...site.origins.values()].map((origin) => origin.close()));
  await rm(site.room.directory, { recursive: true, force: true });
}

async function openSite(options: EmulatorOptions): Promise<Site> {
  processTime.knowSleep(() => uptime() * 1_000);
  const { clock = processTime, host = '127.0.0.1', allowOrigins = [] } = options;
  const { keepUpToBytes, keepAtMostBytes, maxUploadBytes } = { ...DEFAULTS, ...defined(options) };
  const guard = { host, allowOrigins: namedOrigins(allowOrigins) };
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-emulator-'));
  return {
    room: { directory, keepUpToBytes, maxBytes: maxUploadBytes, left: { bytes: keepAtMostBytes } },
    guard,
    now: () => clock.now(),
    closing: new AbortController(),
    origins: new Map(),
    model: undefined,
  };
}

/** 128 bits, unguessable. */
const token = (): string => randomBytes(16).toString('hex');

function modelOptions(options: EmulatorOptions): EmulatorModelOptions {
  const { port: _p, storagePort: _s, clock: _c, host: _h, allowOrigins: _o, ...rest } = options;
  const { keepUpToBytes: _k, keepAtMostBytes: _a, maxUploadBytes: _m, seed, ...model } = rest;
  return seed === undefined ? { token, ...model } : { random: seededRandom(seed), ...model };
}

/**
 * Starts the emulator. Rejects with the system's error if a port is taken, and with a TypeError for an option or a fault rule that
 * is not allowed, such as an invalid origin in `allowOrigins`. Only uploads are written, to a temporary directory of its own.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, storagePort = 0 } = options;
  const site = await openSite(options);
  try {
    const api = await openOrigin(site, 'api', port);
    const storage = await openOrigin(site, 'storage', storagePort);
    const baseUrl = `${api.origin}/api/v1`;
    const storageUrl = storage.origin;
    const model = createEmulatorModel({ ...modelOptions(options), apiUrl: baseUrl, storageUrl });
    site.model = model;
    const { apiKey, log, faults } = model;
    const refuseConnections = api.refuseFor;
    return {
      baseUrl,
      storageUrl,
      apiKey,
      log,
      faults,
      model,
      refuseConnections,
      close: () => closeSite(site),
    };
  } catch (error) {
    await closeSite(site);
    throw error;
  }
}
