import { type HrTime, SpanKind } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createTelemetry, type TelemetryOptions } from '../../../src/adapters/opentelemetry/index.js';

const ms = ([seconds, nanos]: HrTime): number => seconds * 1_000 + nanos / 1e6;

/** A process that exports to memory. */
export function recordedTelemetry(options: TelemetryOptions = {}) {
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const metering = new MeterProvider({ readers: [reader] });
  const telemetry = createTelemetry({
    tracer: tracing.getTracer('test'),
    meter: metering.getMeter('test'),
    ...options,
  });
  return {
    telemetry,
    tracer: tracing.getTracer('test'),
    spans: () => spans.getFinishedSpans(),
    /** All roots of jobs, in the order in which they began. */
    phases: () =>
      spans
        .getFinishedSpans()
        .filter(({ name }) => name.startsWith('goal_lane.job '))
        .sort((one, other) => ms(one.startTime) - ms(other.startTime)),
    /** Data points by the name of their instrument. */
    async points(name: string) {
      metrics.reset();
      await metering.forceFlush();
      const found = metrics
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics)
        .filter(({ descriptor }) => descriptor.name === name);
      return found.flatMap((metric) =>
        metric.dataPoints.map(({ attributes, value }) => ({ attributes, value })),
      );
    },
    close: () => metering.shutdown(),
  };
}

export const stateOf = ({ name }: ReadableSpan): string => name.replace('goal_lane.job ', '');

export const callsIn = (spans: readonly ReadableSpan[], phase: ReadableSpan): readonly ReadableSpan[] =>
  spans.filter(
    ({ kind, parentSpanContext }) =>
      kind === SpanKind.CLIENT && parentSpanContext?.spanId === phase.spanContext().spanId,
  );

export const linkedIds = ({ links }: ReadableSpan): readonly string[] =>
  links.map(({ context }) => context.spanId);

export const eventNames = ({ events }: ReadableSpan): readonly string[] => events.map(({ name }) => name);

export const msOf = ms;
