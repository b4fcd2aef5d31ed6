import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { processTime } from '../../../services/steady-time.js';
import type { Delivery } from '../faults/deliver.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { Origin } from '../model/exchange.js';
import type { LogEntry } from '../model/log.js';
import type { ModelRequest } from '../model/messages.js';
import { createEmulatorModel, type EmulatorModel } from '../model/model.js';
import type { EmulatorModelOptions } from '../model/model-options.js';
import { type Listening, listen } from './listen.js';
import type { UploadRoom } from './receive-upload.js';
import { serveOrigin } from './serve-origin.js';

export interface EmulatorOptions extends Omit<EmulatorModelOptions, 'apiUrl' | 'storageUrl'> {
  /** Of the API origin. Default 0: any free one. */
  readonly port?: number;
  /** Of the storage origin. Default 0. */
  readonly storagePort?: number;
  /** The server's time, epoch ms. Default: the machine's, not moved when its clock is set. Delays that faults make are real ones in any case. */
  readonly clock?: { now(): number };
  /** Uploads up to this size are kept on disk and come back in the result; of larger ones only name, size and hash. Default 64 MiB. */
  readonly keepUpToBytes?: number;
}

/** The emulated API as two real HTTP servers on 127.0.0.1. */
export interface Emulator {
  /** `http://127.0.0.1:port/api/v1` */
  readonly baseUrl: string;
  /** Origin of the pre-signed URLs. */
  readonly storageUrl: string;
  /** A key that it accepts. */
  readonly apiKey: string;
  readonly log: readonly LogEntry[];
  /** What goes wrong, from now on. */
  readonly faults: FaultPlan;
  readonly model: EmulatorModel;
  /** For so long (ms) nobody listens on the API origin. Resolves once new connections meet ECONNREFUSED. */
  refuseConnections(ms: number): Promise<void>;
  /** Ends servers, sockets and timers, and removes what was uploaded. */
  close(): Promise<void>;
}

const DEFAULT_KEEP_BYTES = 64 * 1024 * 1024;

/** What both origins share until the model, which must know their ports, is there. */
interface Site {
  readonly room: UploadRoom;
  readonly now: () => number;
  readonly closing: AbortController;
  readonly origins: Map<Origin, Listening>;
  model: EmulatorModel | undefined;
}

function exchangeOn(site: Site, origin: Origin, request: ModelRequest): Delivery {
  if (site.model === undefined) throw new Error('the emulator is still starting');
  return site.model.exchange(origin, request, site.now());
}

async function openOrigin(site: Site, origin: Origin, port: number): Promise<Listening> {
  const listener = serveOrigin({
    room: site.room,
    now: site.now,
    exchange: (request) => exchangeOn(site, origin, request),
    refuseFor: (ms) => void site.origins.get(origin)?.refuseFor(ms),
    closing: site.closing.signal,
  });
  const listening = await listen(port, listener);
  site.origins.set(origin, listening);
  return listening;
}

async function closeSite(site: Site): Promise<void> {
  site.closing.abort();
  await Promise.all([...site.origins.values()].map((origin) => origin.close()));
  await rm(site.room.directory, { recursive: true, force: true });
}

async function openSite({
  clock = processTime,
  keepUpToBytes = DEFAULT_KEEP_BYTES,
}: EmulatorOptions): Promise<Site> {
  processTime.knowSleep(() => uptime() * 1_000);
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-emulator-'));
  return {
    room: { directory, keepUpToBytes },
    now: () => clock.now(),
    closing: new AbortController(),
    origins: new Map(),
    model: undefined,
  };
}

/**
 * Starts the emulator. Rejects with the system's error where a port is taken.
 * Nothing is written but uploads, to a temporary directory of its own.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, storagePort = 0, clock: _clock, keepUpToBytes: _keep, ...modelOptions } = options;
  const site = await openSite(options);
  try {
    const api = await openOrigin(site, 'api', port);
    const storage = await openOrigin(site, 'storage', storagePort);
    const baseUrl = `${api.origin}/api/v1`;
    const storageUrl = storage.origin;
    const model = createEmulatorModel({ ...modelOptions, apiUrl: baseUrl, storageUrl });
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
