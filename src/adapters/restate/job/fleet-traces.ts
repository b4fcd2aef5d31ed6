import { stackOf } from '../../../engine/binding/as-failure.js';
import type { Position } from '../../../engine/interpreter/position.js';
import type { JobHandleEvent } from '../../../engine/job/job-handle.js';
import type { JobLogger } from '../../../engine/job/job-logger.js';
import type { JobTelemetry, JobTrace } from '../../../engine/job/telemetry/job-telemetry.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { guardedCall } from '../../../services/guarded-call.js';

/** A job that a handler of this process drives, as it is stored. */
export interface FleetTracedJob {
  readonly id: string;
  /** Of the last phase that was traced, in any process. */
  readonly traceparent: string | undefined;
  /** Epoch ms of the wall clock; 0 while it is being created. */
  readonly createdAt: number;
}

/** The trace of a job for one handler. Times are epoch ms of the wall clock. */
export interface FleetTrace {
  heard(event: JobHandleEvent): void;
  moved(position: Position, at: number): void;
  ended(output: JobOutput, at: number): void;
  /** The traceparent to store; undefined if it is stored already. */
  toStore(): string | undefined;
}

/**
 * The traces of the jobs that this process drives, kept while it drives them: any process of a fleet may take the next step of a
 * job.
 */
export interface FleetTraces {
  of(job: FleetTracedJob): FleetTrace;
  close(): void;
}

interface Held {
  readonly trace: JobTrace;
  /** The traceparents at the beginning and of its own phases: if another one is stored, another process has driven the job since. */
  readonly marks: Set<string | undefined>;
  at: number;
}

/** A trace without events for this time is dropped: the job is driven by another process, or has ended there. */
const IDLE_MS = 15 * 60_000;
const SWEEP_EVERY_MS = 60_000;

const NO_TRACE: FleetTrace = {
  heard: () => undefined,
  moved: () => undefined,
  ended: () => undefined,
  toStore: () => undefined,
};

/** The traces in this process, ordered by their last use. */
function createHeld(telemetry: JobTelemetry, now: () => number) {
  const held = new Map<string, Held>();
  let sweptAt = now();

  function sweep(): void {
    if (now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = now();
    for (const [id, { trace, at }] of held) {
      if (at > now() - IDLE_MS) return;
      held.delete(id);
      trace.left(at);
    }
  }

  return {
    of(job: FleetTracedJob): Held {
      sweep();
      const known = held.get(job.id);
      held.delete(job.id);
      const isOurs = known?.marks.has(job.traceparent) === true;
      if (!isOurs) known?.trace.left(known.at);
      const mine =
        known !== undefined && isOurs
          ? known
          : {
              trace: telemetry.follow({ ...job, createdAt: job.createdAt || now() }),
              marks: new Set([job.traceparent]),
              at: now(),
            };
      mine.at = now();
      held.set(job.id, mine);
      return mine;
    },
    forget: (id: string) => void held.delete(id),
    close() {
      for (const { trace, at } of held.values()) trace.left(at);
      held.clear();
    },
  };
}

/** @param now epoch ms of the wall clock */
export function createFleetTraces(
  telemetry: JobTelemetry | undefined,
  now: () => number,
  logger: JobLogger | undefined,
): FleetTraces {
  if (telemetry === undefined) return { of: () => NO_TRACE, close: () => undefined };
  const held = createHeld(telemetry, now);
  const guarded = (call: () => unknown): void =>
    guardedCall(call, (error) =>
      logger?.error({ function: 'telemetry', stack: stackOf(error) }, 'telemetry threw'),
    );
  return {
    of(job) {
      let mine: Held | undefined;
      guarded(() => {
        mine = held.of(job);
      });
      const { id } = job;
      return {
        heard: (event) => guarded(() => mine?.trace.heard(event)),
        moved: (position, at) =>
          guarded(() => {
            // The time of a new job comes with its first reply.
            mine?.trace.moved(position, { at: at || now(), wallOffset: 0 });
            mine?.marks.add(mine.trace.traceparent);
          }),
        ended: (output, at) =>
          guarded(() => {
            held.forget(id);
            mine?.trace.ended(output, at);
          }),
        toStore() {
          let last: string | undefined;
          guarded(() => {
            last = mine?.trace.traceparent;
          });
          return last === job.traceparent ? undefined : last;
        },
      };
    },
    close: () => guarded(held.close),
  };
}
