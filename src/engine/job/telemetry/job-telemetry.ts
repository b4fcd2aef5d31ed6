import type { JobOutput } from '../../../machines/job-output.js';
import type { OnExchange } from '../../../services/http/exchange.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import type { Position } from '../../interpreter/position.js';
import type { JobHandleEvent } from '../job-handle.js';

/** A job that this process starts to drive. */
export interface TracedJob {
  /** The host's id for the job. */
  readonly id: string;
  /** W3C Trace Context of the last phase that was traced, in any process. */
  readonly traceparent?: string | undefined;
  /** Epoch ms of the wall clock. */
  readonly createdAt: number;
}

/** The time at which a job has moved. */
export interface TracedMoment {
  /** Epoch ms of the wall clock. */
  readonly at: number;
  /** What to add to times of the context to get wall clock times, in ms. */
  readonly wallOffset: number;
}

/** Traces one job as long as this process drives it. */
export interface JobTrace {
  /** The `traceparent` of the last phase, to store it: not a secret. */
  readonly traceparent: string | undefined;
  moved(position: Position, moment: TracedMoment): void;
  heard(event: JobHandleEvent): void;
  /** @param at epoch ms of the wall clock */
  ended(output: JobOutput, at: number): void;
  /** From now on another process drives the job, or none. @param at epoch ms of the wall clock */
  left(at: number): void;
}

/** Traces jobs and their calls. If it throws, no job is disturbed: the error is logged, and calls are made without it, once each. */
export interface JobTelemetry {
  follow(job: TracedJob): JobTrace;
  /** Pass it as `onExchange` of a client, to trace calls. */
  readonly onExchange: OnExchange;
  /** Wraps ports, so that their calls run within the trace of their job. */
  readonly layer: PortsLayer;
}
