import {
  context,
  createNoopMeter,
  type Meter,
  metrics,
  ProxyTracerProvider,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { JobTelemetry } from '../../engine/job/telemetry/job-telemetry.js';
import { errorTypeOf, isPoll } from './call-attributes.js';
import { createInstruments } from './instruments.js';
import { traceCall } from './phase.js';
import { PhasedTrace } from './phased-trace.js';
import { spared } from './spared.js';
import { suppressed, withinTrace, withSpanOf } from './within-trace.js';

export interface TelemetryOptions {
  /** Default: the tracer of the registered SDK; without an SDK nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Default: the meter of the registered SDK. */
  readonly meter?: Meter | undefined;
  /**
   * `own`: this package creates the spans of calls and hides them from an HTTP instrumentation in the same process
   * (`suppressTracing`). `instrumentation`: the instrumentation creates them within the trace of their job, and also measures
   * `http.client.request.duration`. Default `own`.
   */
  readonly http?: 'own' | 'instrumentation' | undefined;
}

const NAME = 'goal-lane';

/** The tracer and the meter of the registered SDK; without an SDK, or if it throws, those that do nothing. */
const registered = {
  tracer: (): Tracer =>
    spared('the tracer', () => trace.getTracer(NAME)) ?? new ProxyTracerProvider().getTracer(NAME),
  meter: (): Meter => spared('the meter', () => metrics.getMeter(NAME)) ?? createNoopMeter(),
};

/**
 * Traces and metrics of jobs for OpenTelemetry: the `telemetry` of `createGoalLane`, `runGoalJob`, `createStoredJobs`,
 * `startGoalJob`, `runBrowserJob` or `createGoalWorker`. One per process is enough for any number of jobs.
 *
 * @example
 * ```ts
 * import { createGoalLane } from 'goal-lane';
 * import { createTelemetry } from 'goal-lane/opentelemetry';
 *
 * const lane = createGoalLane({ telemetry: createTelemetry() });
 * await lane.resume();
 * ```
 */
export function createTelemetry(options: TelemetryOptions = {}): JobTelemetry {
  const { tracer = registered.tracer(), meter = registered.meter() } = options;
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
      // Status reads for a job that another process drives only count in the metric.
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
