import type { JobSignal } from '../../machines/job-events.js';
import type { PortOptions } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import { type Caller, CallerOptions, CallerSignal } from '../../services/caller-signal.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { hostFailure } from './name-ports.js';

/** The caller of a machine's call: a running actor, or a handler of a durable engine. */
export interface CallContext {
  /** The host's name for the job. */
  readonly jobId: string;
  /** Aborted when nothing waits for the answer any more. */
  readonly signal: AbortSignal;
  /** More about the job for the log. Called when a line is written. */
  jobFields?(): object;
  /** Progress for the job. Not called once the signal is aborted. */
  report(signal: JobSignal): void;
  /** Awaited before a request that changes something on the server. If it rejects, nothing is sent (law 4, never lost). */
  beforeEffect?(call: string): Promise<void>;
}

/** A call whose signal of the platform is made only if a port reads it. */
export abstract class OwnCall implements CallContext, Caller {
  readonly callerSignal = new CallerSignal();
  abstract readonly jobId: string;

  get signal(): AbortSignal {
    return this.callerSignal.real;
  }

  abstract jobFields(): object;
  abstract report(signal: JobSignal): void;
  abstract beforeEffect(call: string): Promise<void>;
}

/** A call of the machine as a plain function that never rejects. */
export type Call<Input, Output> = (input: Input, call: CallContext) => Promise<Reply<Output>>;

/** The options that a port receives. Own properties, so that a host can spread them. */
export const portOptions = (call: CallContext): PortOptions =>
  call instanceof OwnCall
    ? new CallerOptions(call)
    : { signal: call.signal, jobId: call.jobId, jobFields: () => call.jobFields?.() ?? {} };

/** A failure before the request is sent certainly had no effect on the server (law 1, never twice). */
export async function beforeEffect(
  call: CallContext,
  name: string,
  logger: Logger | undefined,
): Promise<void> {
  if (call.beforeEffect === undefined) return;
  try {
    await call.beforeEffect(name);
    // The job may have been detached meanwhile: then nothing is sent any more.
    call.signal.throwIfAborted();
  } catch (error) {
    // Any failure here happened before anything was sent.
    const failure = hostFailure(error, 'beforeEffect', call.jobId, logger);
    throw { ...failure, delivery: 'not-sent' } satisfies Failure;
  }
}
