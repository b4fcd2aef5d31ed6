import { answerApi } from './answer-api.js';
import { storeFile } from './calls/upload-file.js';
import { createWorld } from './create-world.js';
import { closeExchange, type Exchange, openExchange } from './exchange.js';
import type { LogEntry } from './log.js';
import type { ModelReply, ModelRequest } from './messages.js';
import type { EmulatorModelOptions } from './model-options.js';
import { noteHeard } from './rate-limits.js';
import { fileInMemory } from './received-file.js';
import { answerStorage } from './storage.js';

/** A file for {@link EmulatorModel.registerUpload}. */
export interface UploadFacts {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Default: the first key. */
  readonly apiKey?: string;
}

/**
 * The remote API as a pure model: no I/O, no timers, no clock. What time has done to a job is worked out from the `now`
 * (epoch ms) of the next request.
 */
export interface EmulatorModel {
  /** Base URL that this model answers under. */
  readonly apiUrl: string;
  /** Origin of its pre-signed URLs. */
  readonly storageUrl: string;
  /** The first key. */
  readonly apiKey: string;
  readonly log: readonly LogEntry[];
  /** Answers a request to the API origin, as over a perfect network. */
  handle(request: ModelRequest, now: number): ModelReply;
  /** Answers a request to the storage origin, likewise. */
  handleStorage(request: ModelRequest, now: number): ModelReply;
  /** Uploads without a request; returns the `file_id`. */
  registerUpload(file: UploadFacts, now: number): string;
}

/** The client has got the reply: what it says of a limit is known to it from now on. */
function heard({ key, entry }: Exchange, at: number): void {
  if (key === undefined || entry.rate === undefined) return;
  if (entry.endpoint !== 'none' && entry.endpoint !== 'storage')
    noteHeard(key, entry.endpoint, entry.rate, at);
}

/** Builds a {@link EmulatorModel}. Throws a TypeError where there is no key at all. */
export function createEmulatorModel(options: EmulatorModelOptions = {}): EmulatorModel {
  const world = createWorld(options);
  const [apiKey] = world.keys.keys();
  if (apiKey === undefined) throw new TypeError('The emulator needs at least one API key');
  const serve = (exchange: Exchange, answer: (exchange: Exchange) => ModelReply): ModelReply => {
    const reply = answer(exchange);
    closeExchange(exchange, reply);
    heard(exchange, exchange.now);
    return reply;
  };
  return {
    apiUrl: world.settings.apiUrl,
    storageUrl: world.settings.storageUrl,
    apiKey,
    log: world.log,
    handle: (request, now) => serve(openExchange(world, 'api', request, now), answerApi),
    handleStorage: (request, now) => serve(openExchange(world, 'storage', request, now), answerStorage),
    registerUpload(file, now) {
      const key = world.keys.get(file.apiKey ?? apiKey);
      if (key === undefined) throw new TypeError('registerUpload: there is no such API key');
      return storeFile(world, key, fileInMemory(file.name, file.bytes), now).fileId;
    },
  };
}
