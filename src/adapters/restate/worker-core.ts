import { randomUUID } from 'node:crypto';
import { asFailure } from '../../engine/binding/as-failure.js';
import type { CallContext } from '../../engine/binding/call-context.js';
import { type Clock, systemClock, wallOffsetOf, wallTimeOf } from '../../engine/binding/clock.js';
import type { JobCalls } from '../../engine/binding/job-calls.js';
import type { OpenCall } from '../../engine/interpreter/interpreted-job.js';
import { sanitizeSnapshot } from '../../engine/store/record/sanitize-snapshot.js';
import type { JobSignal } from '../../machines/job-events.js';
import { valueShown } from '../../machines/question/slot-value.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import { type CreateOnce, type CreateResult, createOnce } from './calls/create-once.js';
import { checkWorkerOptions } from './check-worker-options.js';
import { createFleetTraces, type FleetTraces } from './job/fleet-traces.js';
import { reportedCreations } from './key/reported-creations.js';
import { createKeyTools, type KeyTools } from './key-tools.js';
import { createSharedLimits, type SharedLimits } from './limits/shared-limits.js';
import { createReaders, type Readers } from './reader/readers.js';
import { type KeyRing, ringOf } from './worker/key-ring.js';
import { createWorkerIngress, type WorkerIngress } from './worker/worker-ingress.js';
import type { GoalWorkerOptions } from './worker-options.js';

/** A call to make for a job. */
export interface CallToMake {
  readonly jobId: string;
  readonly keyId: string;
  readonly call: OpenCall;
  readonly signal: AbortSignal;
  readonly report: (signal: JobSignal) => void;
  /** Fields of the job for logs and traces. */
  readonly fields?: object;
}

type CreateToMake = Pick<CallToMake, 'jobId' | 'keyId' | 'call' | 'fields'>;

/** What the handlers of one process share. */
export interface WorkerCore {
  /** Unique for each process: a journal with another id was written by another process. */
  readonly processId: string;
  readonly clock: Clock;
  readonly creates: CreateOnce;
  readonly readers: Readers;
  readonly ingress: WorkerIngress;
  readonly traces: FleetTraces;
  /** Epoch ms of the wall clock. */
  now(): number;
  /** Converts the times of a reply from this process to the wall clock, before it leaves the process. */
  inWallTime<Value>(reply: Reply<Value>): Reply<Value>;
  /** Never rejects: errors are in the reply, without secrets. */
  make(call: CallToMake): Promise<Reply<unknown>>;
  create(call: CreateToMake): Promise<CreateResult>;
  /** Plain JSON without the key and without signed URLs. */
  clean(value: unknown, keyId: string): Promise<unknown>;
  close(): void;
}

const noKey = (keyId: string): Failure => ({
  kind: 'key-refused',
  message: `no worker knows the API key ${JSON.stringify(keyId)}`,
  advice: 'Give it to the workers; then start the job again, or resume it.',
  delivery: 'not-sent',
});

/** The tools of each key, created for its first job; a changed key is noticed at its next use. */
function createToolbox(ring: KeyRing, options: GoalWorkerOptions, clock: Clock, random: () => number) {
  const tools = new Map<string, KeyTools>();
  return {
    async of(keyId: string): Promise<KeyTools> {
      const apiKey = await ring.keyOf(keyId);
      if (apiKey === undefined) throw noKey(keyId);
      const known = tools.get(keyId);
      if (known?.apiKey === apiKey) return known;
      known?.close();
      const made = createKeyTools(keyId, apiKey, { ...options, clock, random });
      tools.set(keyId, made);
      return made;
    },
    close(): void {
      for (const each of tools.values()) each.close();
    },
  };
}

/** Times of this machine's clock in a reply: when it was received, and when the call may be repeated. */
function movedReply<Value>(reply: Reply<Value>, byMs: number): Reply<Value> {
  const at = reply.at + byMs;
  if (reply.ok || reply.failure.retryAt === undefined) return { ...reply, at };
  return { ...reply, at, failure: { ...reply.failure, retryAt: reply.failure.retryAt + byMs } };
}

type AnyCall = (input: unknown, call: CallContext) => Promise<Reply<unknown>>;

/** A port of the host may return anything; what has no name could be neither shown nor stored. */
function checkedSave(reply: Reply<unknown>): Reply<unknown> {
  if (!reply.ok) return reply;
  const { file }: { readonly file?: unknown } = { ...(typeof reply.value === 'object' ? reply.value : {}) };
  if (typeof file === 'string') return reply;
  const fault = new Error(`it returned the file ${valueShown(file)}; allowed is a text`);
  return { ok: false, failure: asFailure(fault, 'the port saveResult'), at: reply.at, random: 0.5 };
}

/** Requests and downloads a result in one step, so its URL is not stored. */
const savingCall =
  (calls: JobCalls): AnyCall =>
  async (input, call) => {
    // Boundary: the chart's own input of this actor.
    const { jobSpecId } = input as { readonly jobSpecId: string };
    const found = await calls.getDownload({ jobSpecId }, call);
    if (!found.ok) return found;
    return checkedSave(await calls.saveResult({ jobSpecId, download: found.value }, call));
  };

function callNamed(calls: JobCalls, src: string): AnyCall {
  if (src === 'saveResult') return savingCall(calls);
  // Boundary: the chart's actors are the names of `JobCalls`, and each gets the input that the chart made for it.
  const call = Reflect.get(calls, src) as AnyCall | undefined;
  if (call === undefined) throw new Error(`the chart makes a call ${src} that this worker does not know`);
  return call;
}

interface CallerParts {
  readonly toolbox: ReturnType<typeof createToolbox>;
  readonly limits: SharedLimits;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Makes the calls of the jobs, each with the tools of its key. */
class Caller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  inWallTime<Value>(reply: Reply<Value>): Reply<Value> {
    return movedReply(reply, wallOffsetOf(this.#parts.clock));
  }

  async clean(value: unknown, keyId: string): Promise<unknown> {
    const apiKey = await this.#parts.toolbox.of(keyId).then(
      (tools) => tools.apiKey,
      () => undefined,
    );
    return sanitizeSnapshot(value, apiKey === undefined ? {} : { apiKey });
  }

  async make({ keyId, call, fields = {}, ...context }: CallToMake): Promise<Reply<unknown>> {
    const { toolbox, limits } = this.#parts;
    try {
      const tools = await toolbox.of(keyId);
      await limits.learn(tools);
      const reply = this.inWallTime(
        await callNamed(tools.calls, call.src)(call.input, { ...context, jobFields: () => fields }),
      );
      limits.report(tools);
      return await this.#cleanReply(reply, keyId);
    } catch (error) {
      return this.#failed(error);
    }
  }

  async create({ jobId, keyId, call, fields = {} }: CreateToMake): Promise<CreateResult> {
    const { toolbox, clock } = this.#parts;
    try {
      const { calls, creations } = await toolbox.of(keyId);
      // Not aborted with the attempt: the reply to a create that was sent is always awaited.
      const { signal } = new AbortController();
      const context = { jobId, signal, report: () => undefined, jobFields: () => fields };
      const ticket = await calls.issueTicket({}, context);
      // Boundary: the chart's own input of this actor.
      const input = call.input as Parameters<JobCalls['createJob']>[0];
      const own = await calls.createJob({ ...input, ticket: ticket.ok ? ticket.value : '' }, context);
      const wasAnswered = own.ok || own.failure.status !== undefined;
      const budget = creations();
      return {
        reply: await this.#cleanReply(this.inWallTime(own), keyId),
        creations: budget && reportedCreations(budget, clock.now()),
        wasAnswered,
      };
    } catch (error) {
      return { reply: this.#failed(error), creations: undefined, wasAnswered: false };
    }
  }

  async #cleanReply(reply: Reply<unknown>, keyId: string): Promise<Reply<unknown>> {
    // Boundary: a redacted reply is still a reply.
    return (await this.clean(reply, keyId)) as Reply<unknown>;
  }

  #failed(error: unknown): Reply<unknown> {
    const { clock, random } = this.#parts;
    return { ok: false, failure: asFailure(error, 'the key ring'), at: wallTimeOf(clock), random: random() };
  }
}

/** @throws InvalidInputError for an option that cannot be meant: nothing is served then */
export function createWorkerCore(options: GoalWorkerOptions): WorkerCore {
  checkWorkerOptions(options);
  const { clock = systemClock, random = Math.random } = options;
  const toolbox = createToolbox(ringOf(options.keys), options, clock, random);
  const ingress = createWorkerIngress(options.ingress);
  const now = (): number => wallTimeOf(clock);
  const traces = createFleetTraces(options.telemetry, now, options.logger);
  const caller = new Caller({ toolbox, limits: createSharedLimits(ingress, now), clock, random });
  return {
    processId: randomUUID(),
    clock,
    creates: createOnce((lateId, reply) => void ingress.resolveAwakeable(lateId, reply)),
    readers: createReaders(toolbox.of),
    ingress,
    traces,
    now,
    inWallTime: (reply) => caller.inWallTime(reply),
    make: (call) => caller.make(call),
    create: (call) => caller.create(call),
    clean: (value, keyId) => caller.clean(value, keyId),
    close() {
      traces.close();
      toolbox.close();
    },
  };
}
