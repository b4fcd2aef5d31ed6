import { defined } from '../../services/defined.js';
import type { EmulatorModelOptions } from './emulator-options.js';
import { type Delivery, deliver, hearer } from './faults/deliver.js';
import { createFaultPlan, type FaultPlan, type FaultSource } from './faults/fault-plan.js';
import type { FaultTarget } from './faults/fault-rule.js';
import { answerApi } from './model/answer-api.js';
import { storeFile } from './model/calls/upload-file.js';
import { createWorld } from './model/create-world.js';
import { closeExchange, type Exchange, headOf, keyOf, type Origin, openExchange } from './model/exchange.js';
import { statusWord } from './model/job-views.js';
import type { LogEntry } from './model/log.js';
import type { ModelReply, ModelRequest } from './model/messages.js';
import { PORTAL_PATH, portalPage } from './model/portal.js';
import { fileInMemory } from './model/received-file.js';
import { answerStorage } from './model/storage.js';
import type { World } from './model/world.js';

/** A file for {@link EmulatorModel.registerUpload}. */
export interface UploadFacts {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Default: the first key. */
  readonly apiKey?: string;
}

/**
 * The remote API as a pure model: no I/O, no timers, no clock. The progress of a job is computed from the `now` (epoch ms) of the
 * next request.
 */
export interface EmulatorModel {
  /** Base URL of this model. */
  readonly apiUrl: string;
  /** Origin of its pre-signed URLs. */
  readonly storageUrl: string;
  /** The first key. */
  readonly apiKey: string;
  readonly log: readonly LogEntry[];
  /** The scripted faults. */
  readonly faults: FaultPlan;
  /** Answers a request to the API origin as over a perfect network, without faults. */
  handle(request: ModelRequest, now: number): ModelReply;
  /** Answers a request to the storage origin, likewise. */
  handleStorage(request: ModelRequest, now: number): ModelReply;
  /** Answers a request with the faults that apply to it; used by the transports of the model. */
  exchange(origin: Origin, request: ModelRequest, now: number): Delivery;
  /**
   * Answers an upload before its body is read, if a fault requires it: then read `afterBytes` of it before sending the reply.
   * Undefined otherwise: then pass the complete request to `exchange`.
   */
  exchangeEarly(head: ModelRequest, now: number): EarlyDelivery | undefined;
  /** Whether an `Authorization` header contains a key of this model: uploads without one are not stored. */
  admits(authorization: string | undefined): boolean;
  /** Adds an upload without a request; returns the `file_id`. */
  registerUpload(file: UploadFacts, now: number): string;
}

const withPortal =
  (answer: (exchange: Exchange) => ModelReply) =>
  (exchange: Exchange): ModelReply =>
    exchange.entry.path === PORTAL_PATH ? portalPage(200) : answer(exchange);

const ANSWERS: Readonly<Record<Origin, (exchange: Exchange) => ModelReply>> = {
  api: withPortal(answerApi),
  storage: withPortal(answerStorage),
};

/** A reply to an upload that is sent before the body is read. */
export interface EarlyDelivery {
  readonly delivery: Delivery;
  /** Bytes of the body to read first. */
  readonly afterBytes: number;
}

/** The file as such a server knows it: without name and bytes. */
const UNREAD = fileInMemory('', new Uint8Array());

function answerEarly(
  world: World,
  plan: FaultSource,
  head: ModelRequest,
  now: number,
): EarlyDelivery | undefined {
  const { endpoint, key } = headOf(world, head);
  if (endpoint !== 'upload') return undefined;
  const taken = plan.takeEarly({ endpoint, key, method: head.method, path: head.path, body: {}, now });
  const early = taken.faults.find((fault) => fault.kind === 'early-reply');
  if (early === undefined) return undefined;
  const exchange = openExchange(world, 'api', { ...head, upload: UNREAD }, now);
  return { delivery: deliver(exchange, taken, ANSWERS.api), afterBytes: early.afterBytes ?? 0 };
}

function targetOf({ entry, job, now }: Exchange): FaultTarget {
  const { endpoint, method, path, key, body, jobSpecId } = entry;
  return {
    endpoint,
    method,
    path,
    key,
    body,
    now,
    ...defined({ jobSpecId }),
    ...(job === undefined ? {} : { status: statusWord(job.phase), itemVersion: job.itemVersion }),
  };
}

/** Creates an {@link EmulatorModel}. Throws a TypeError if there is no key, and for an option or a fault rule that is not allowed. */
export function createEmulatorModel(options: EmulatorModelOptions = {}): EmulatorModel {
  const world = createWorld(options);
  const [apiKey] = world.keys.keys();
  if (apiKey === undefined) throw new TypeError('The emulator needs at least one API key');
  const faults = createFaultPlan(world.settings.faults, world.settings.random);
  const handle = (origin: Origin, request: ModelRequest, now: number): ModelReply => {
    const exchange = openExchange(world, origin, request, now);
    const reply = ANSWERS[origin](exchange);
    closeExchange(exchange, reply);
    hearer(exchange, [])(now);
    return reply;
  };
  return {
    apiUrl: world.settings.apiUrl,
    storageUrl: world.settings.storageUrl,
    apiKey,
    log: world.log,
    faults,
    handle: (request, now) => handle('api', request, now),
    handleStorage: (request, now) => handle('storage', request, now),
    exchange(origin, request, now) {
      const exchange = openExchange(world, origin, request, now);
      return deliver(exchange, faults.take(targetOf(exchange)), ANSWERS[origin]);
    },
    exchangeEarly: (head, now) => answerEarly(world, faults, head, now),
    admits: (authorization) => keyOf(world, authorization) !== undefined,
    registerUpload(file, now) {
      const key = world.keys.get(file.apiKey ?? apiKey);
      if (key === undefined) throw new TypeError('registerUpload: there is no such API key');
      return storeFile(world, key, fileInMemory(file.name, file.bytes), now).fileId;
    },
  };
}
