import { context, type Meter, metrics, type Tracer, trace } from '@opentelemetry/api';
import type { JobTelemetry } from '../../engine/job/telemetry/job-telemetry.js';
import { errorTypeOf, isPoll } from './call-attributes.js';
import { createInstruments } from './instruments.js';
import { traceCall } from './phase.js';
import { PhasedTrace } from './phased-trace.js';
import { suppressed, withinTrace, withSpanOf } from './within-trace.js';

export interface TelemetryOptions {
  /** Default: that of the SDK which the process has registered; without one nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Default: likewise. */
  readonly meter?: Meter | undefined;
  /**
   * `own`: calls are spans of ours, and an instrumentation of HTTP in the same process does not see them (`suppressTracing`).
   * `instrumentation`: calls are left to it, within the trace of their job; `http.client.request.duration` is then its own, too. Default `own`.
   */
  readonly http?: 'own' | 'instrumentation' | undefined;
}

const NAME = 'goal-lane';

/**
 * Traces and metrics of jobs for OpenTelemetry: the `telemetry` of `createGoalLane`, `runGoalJob`, `createStoredJobs`, `startGoalJob`,
 * `runBrowserJob` or `createGoalWorker`. One a process follows any number of jobs.
 *
 * @example
 * ```ts
 * import { createGoalLane } from 'goal-lane';
 * import { createTelemetry } from 'goal-lane/opentelemetry';
 *
 * const lane = createGoalLane({ apiKey: process.env.CONVILYN_API_KEY ?? '', telemetry: createTelemetry() });
 * await lane.resume();
 * ```
 */
export function createTelemetry(options: TelemetryOptions = {}): JobTelemetry {
  const { tracer = trace.getTracer(NAME), meter = metrics.getMeter(NAME) } = options;
  const tracesCalls = options.http !== 'instrumentation';
  const instruments = createInstruments(meter, tracesCalls);
  const traces = new Map<string, PhasedTrace>();
  return {
    follow(job) {
      const made: PhasedTrace = new PhasedTrace({
        tracer,
        instruments,
        job,
        tracesCalls,
        onEnd() {
          if (traces.get(job.id) === made) traces.delete(job.id);
        },
      });
      traces.set(job.id, made);
      return made;
    },
    onExchange(exchange) {
      instruments.called(exchange);
      const known = exchange.jobId === undefined ? undefined : traces.get(exchange.jobId);
      if (known !== undefined) return known.called(exchange);
      // Reads for a job that another process drives: that they were made is in the metric.
      const isQuiet = isPoll(exchange) && errorTypeOf(exchange) === undefined;
      if (tracesCalls && !isQuiet) traceCall(tracer, exchange, context.active());
    },
    layer: withinTrace((jobId, active) => {
      const known = traces.get(jobId);
      const within = known === undefined ? active : withSpanOf(active, known.context);
      return tracesCalls ? suppressed(within) : within;
    }),
  };
}
