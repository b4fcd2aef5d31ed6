import type { JobOutput } from '../../../machines/job-output.js';
import { guardedCall } from '../../../services/guarded-call.js';
import { stackOf } from '../../binding/as-failure.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../../binding/clock.js';
import type { JobActor } from '../job-actor.js';
import type { JobHandleEvent } from '../job-handle.js';
import type { JobLogger } from '../job-logger.js';
import type { JobTelemetry } from './job-telemetry.js';

/** The stored part of a job's trace; updated when the job moves. */
export interface TraceMemory {
  traceparent?: string | undefined;
  /** Epoch ms of the wall clock. */
  readonly createdAt: number;
}

export interface TraceJobOptions {
  readonly telemetry: JobTelemetry;
  readonly actor: JobActor;
  readonly clock: Clock;
  readonly logger?: JobLogger | undefined;
  readonly memory: TraceMemory;
}

/** What the trace of a job needs besides its states. */
export interface TracedEnds {
  heard(event: JobHandleEvent): void;
  ended(output: JobOutput): void;
}

/** Traces a job; call it before its actor starts. A telemetry that throws is logged once and disturbs nothing. */
export function traceJob({ telemetry, actor, clock, logger, memory }: TraceJobOptions): TracedEnds {
  let isLogged = false;
  const guarded = (call: () => unknown): void =>
    guardedCall(call, (error) => {
      if (!isLogged)
        logger?.error({ job: actor.id, function: 'telemetry', stack: stackOf(error) }, 'telemetry threw');
      isLogged = true;
    });
  const follow = () => telemetry.follow({ ...memory, id: actor.id });
  let trace: ReturnType<typeof follow> | undefined;
  guarded(() => {
    trace = follow();
  });
  let seen: unknown;
  actor.subscribe({
    next(snapshot) {
      if (snapshot === seen) return;
      seen = snapshot;
      guarded(() => {
        trace?.moved(snapshot, { at: wallTimeOf(clock), wallOffset: wallOffsetOf(clock) });
        memory.traceparent = trace?.traceparent ?? memory.traceparent;
      });
    },
    error: () => undefined,
  });
  return {
    heard: (event) => guarded(() => trace?.heard(event)),
    ended: (output) => guarded(() => trace?.ended(output, wallTimeOf(clock))),
  };
}
