import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '../model/log.js';
import { createEmulatorModel, type EmulatorModel } from '../model/model.js';
import type { EmulatorModelOptions } from '../model/model-options.js';
import { listen } from './listen.js';
import { serveOrigin } from './serve-origin.js';

export interface EmulatorOptions extends Omit<EmulatorModelOptions, 'apiUrl' | 'storageUrl'> {
  /** Of the API origin. Default 0: any free one. */
  readonly port?: number;
  /** Of the storage origin. Default 0. */
  readonly storagePort?: number;
  /** The server's time, epoch ms. Default: the machine's. */
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
  readonly model: EmulatorModel;
  /** Ends servers, sockets and timers, and removes what was uploaded. */
  close(): Promise<void>;
}

const DEFAULT_KEEP_BYTES = 64 * 1024 * 1024;

/**
 * Starts the emulator. Rejects with the system's error where a port is taken.
 * Nothing is written but uploads, to a temporary directory of its own.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, storagePort = 0, clock = Date, keepUpToBytes = DEFAULT_KEEP_BYTES, ...model } = options;
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-emulator-'));
  const room = { directory, keepUpToBytes };
  let served: EmulatorModel | undefined;
  const started = (): EmulatorModel => {
    if (served === undefined) throw new Error('the emulator is still starting');
    return served;
  };
  const listening: Awaited<ReturnType<typeof listen>>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listening.map((origin) => origin.close()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const answerApi = serveOrigin({ room, answer: (request) => started().handle(request, clock.now()) });
    const answerStorage = serveOrigin({
      room,
      answer: (request) => started().handleStorage(request, clock.now()),
    });
    const api = await listen(port, answerApi);
    listening.push(api);
    const storage = await listen(storagePort, answerStorage);
    listening.push(storage);
    const baseUrl = `${api.origin}/api/v1`;
    served = createEmulatorModel({ ...model, apiUrl: baseUrl, storageUrl: storage.origin });
    const { apiKey, log } = served;
    return { baseUrl, storageUrl: storage.origin, apiKey, log, model: served, close };
  } catch (error) {
    await close();
    throw error;
  }
}
