import type { JobSignal } from '../../machines/job-events.js';
import type { PortOptions } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { hostFailure } from './name-ports.js';

/** Who makes a call of the machine: a running actor, or a handler of a durable engine. */
export interface CallContext {
  /** The host's own name for the job. */
  readonly jobId: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** What the log says of the job besides. Called when a line is written. */
  jobFields?(): object;
  /** Progress for the job. Not called once the signal is aborted. */
  tell(signal: JobSignal): void;
  /** Awaited before a request leaves that changes something on the server; where it rejects, nothing is sent (law 4, never lost). */
  beforeEffect?(call: string): Promise<void>;
}

/** A call of the machine as a plain function; it never rejects. */
export type Call<Input, Output> = (input: Input, call: CallContext) => Promise<Reply<Output>>;

/** What a port is told of the call. An object with properties of its own: a host may spread it. */
export const portOptions = (call: CallContext): PortOptions => ({
  signal: call.signal,
  jobId: call.jobId,
  jobFields: () => call.jobFields?.() ?? {},
});

/** What goes wrong before a request leaves cannot have been acted upon (law 1, never twice). */
export async function beforeEffect(
  call: CallContext,
  name: string,
  logger: Logger | undefined,
): Promise<void> {
  if (call.beforeEffect === undefined) return;
  try {
    await call.beforeEffect(name);
    // The job was let go meanwhile: what has not left yet does not leave any more.
    call.signal.throwIfAborted();
  } catch (error) {
    // Whatever it was, it was in the way before anything was sent.
    const failure = hostFailure(error, 'beforeEffect', call.jobId, logger);
    throw { ...failure, delivery: 'not-sent' } satisfies Failure;
  }
}
