import type { JobOutput } from '../../../machines/job-output.js';
import type { OnExchange } from '../../../services/http/exchange.js';
import type { PortsLayer } from '../../binding/ports-layer.js';
import type { Position } from '../../interpreter/position.js';
import type { JobHandleEvent } from '../job-handle.js';

/** A job that this process begins to drive. */
export interface TracedJob {
  /** The host's name for the job. */
  readonly id: string;
  /** W3C Trace Context of the last phase that was traced, in whichever process. */
  readonly traceparent?: string | undefined;
  /** Epoch ms by the wall clock. */
  readonly createdAt: number;
}

/** When a job has moved. */
export interface TracedMoment {
  /** Epoch ms by the wall clock. */
  readonly at: number;
  /** What to add to the times of the context for the wall clock's, in ms. */
  readonly wallOffset: number;
}

/** Follows one job for as long as this process drives it. */
export interface JobTrace {
  /** The trace of the last phase, for the store: not a secret. */
  readonly traceparent: string | undefined;
  moved(position: Position, moment: TracedMoment): void;
  heard(event: JobHandleEvent): void;
  /** @param at epoch ms by the wall clock */
  ended(output: JobOutput, at: number): void;
  /** Another process drives the job from now on, or nobody does. @param at epoch ms by the wall clock */
  left(at: number): void;
}

/** What follows jobs and their calls for a tracing system. What it throws disturbs no job. */
export interface JobTelemetry {
  follow(job: TracedJob): JobTrace;
  /** For the `onExchange` of a client: the calls. */
  readonly onExchange: OnExchange;
  /** Around ports whose calls are to run within their job's trace. */
  readonly layer: PortsLayer;
}
