import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { TracedExchange } from '../../services/http/exchange.js';
import { callAttributes, callName, errorTypeOf } from './call-attributes.js';
import { hrTime } from './hr-time.js';

/** The spans before a phase, to which its root links. */
export type Before = readonly (SpanContext | undefined)[];

const linkTo = (context: SpanContext): Link => ({ context });

/** Records a finished call as a client span. */
export function traceCall(tracer: Tracer, exchange: TracedExchange, parent: Context): void {
  const { startedAt, ms } = exchange;
  const span = tracer.startSpan(
    callName(exchange),
    { kind: SpanKind.CLIENT, startTime: hrTime(startedAt), attributes: callAttributes(exchange) },
    parent,
  );
  if (errorTypeOf(exchange) !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(hrTime(startedAt + ms));
}

/**
 * One phase of a job that this process drives, as a separate root span, because a trace of several hours would only be exported
 * at its end, if at all.
 */
export class Phase {
  readonly context: Context;
  readonly #span: Span;
  #from: number;
  #polls = 0;
  /** A status read that may have changed the job. */
  #read: TracedExchange | undefined;

  readonly #tracer: Tracer | undefined;

  /** @param tracesCalls false if an instrumentation creates the spans of calls */
  constructor(
    { tracer, tracesCalls }: { readonly tracer: Tracer; readonly tracesCalls: boolean },
    lifecycle: string,
    at: number,
    before: Before,
    attributes: Attributes,
  ) {
    this.#tracer = tracesCalls ? tracer : undefined;
    const links = before.filter((context) => context !== undefined).map(linkTo);
    const options = { root: true, startTime: hrTime(at), links, attributes };
    this.#span = tracer.startSpan(`goal_lane.job ${lifecycle}`, options, ROOT_CONTEXT);
    this.context = trace.setSpan(ROOT_CONTEXT, this.#span);
    this.#from = at;
  }

  get spanContext(): SpanContext {
    return this.#span.spanContext();
  }

  event(name: string, attributes: Attributes, at: number): void {
    this.#span.addEvent(name, attributes, hrTime(Math.max(at, this.#from)));
  }

  call(exchange: TracedExchange): void {
    if (this.#tracer !== undefined) traceCall(this.#tracer, exchange, this.context);
  }

  /** Counts a status read; it becomes a span if it failed, or if `keepRead` is called next. */
  polled(exchange: TracedExchange): void {
    this.#polls += 1;
    if (errorTypeOf(exchange) === undefined) this.#read = exchange;
    else this.call(exchange);
  }

  /** The last status read has changed the job. */
  keepRead(): void {
    if (this.#read !== undefined) this.call(this.#read);
    this.#read = undefined;
  }

  end(at: number, attributes: Attributes, isError = false): void {
    if (this.#polls > 0) this.#span.setAttribute('goal_lane.polls', this.#polls);
    this.#span.setAttributes(attributes);
    if (isError) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end(hrTime(Math.max(at, this.#from)));
  }
}
