import { type Context, context, createContextKey, trace } from '@opentelemetry/api';
import type { PortsLayer } from '../../engine/binding/ports-layer.js';
import type { PortOptions } from '../../machines/ports.js';

/** The key of `suppressTracing` in `@opentelemetry/core`; keys with the same name are equal. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

export const suppressed = (within: Context): Context => within.setValue(SUPPRESSED, true);

/** Runs the calls of a job in the context from `contextOf`, where an HTTP instrumentation finds it. */
export const withinTrace =
  (contextOf: (jobId: string, active: Context) => Context): PortsLayer =>
  (inner) => {
    const within =
      <Input, Output, Options extends PortOptions>(
        call: (input: Input, options: Options) => Promise<Output>,
      ) =>
      async (input: Input, options: Options): Promise<Output> =>
        context.with(contextOf(options.jobId, context.active()), () => call(input, options));
    return {
      ...inner,
      loadCatalog: within((input, options) => inner.loadCatalog(input, options)),
      uploadFile: within((input, options) => inner.uploadFile(input, options)),
      createJob: within((input, options) => inner.createJob(input, options)),
      getJob: within((input, options) => inner.getJob(input, options)),
      fillSlots: within((input, options) => inner.fillSlots(input, options)),
      confirmJob: within((input, options) => inner.confirmJob(input, options)),
      getStatus: within((input, options) => inner.getStatus(input, options)),
      getDownload: within((input, options) => inner.getDownload(input, options)),
      saveResult: within((input, options) => inner.saveResult(input, options)),
    };
  };

/** The active context with the span of another one; everything else in it stays. */
export const withSpanOf = (active: Context, other: Context): Context => {
  const span = trace.getSpan(other);
  return span === undefined ? active : trace.setSpan(active, span);
};
