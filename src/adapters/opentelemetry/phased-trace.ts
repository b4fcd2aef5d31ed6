import {
  type Context,
  context,
  ROOT_CONTEXT,
  type SpanContext,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type Position, statePathOf } from '../../engine/interpreter/position.js';
import type { JobHandleEvent } from '../../engine/job/job-handle.js';
import type { WaitReason } from '../../engine/job/source/job-view.js';
import type { JobTrace, TracedJob, TracedMoment } from '../../engine/job/telemetry/job-telemetry.js';
import { waitReasonOf } from '../../engine/job/view/wait-of.js';
import type { JobOutput } from '../../machines/job-output.js';
import { defined } from '../../services/defined.js';
import type { TracedExchange } from '../../services/http/exchange.js';
import { nameIn } from '../inspector/visible.js';
import { isPoll } from './call-attributes.js';
import { hasChanged } from './has-changed.js';
import type { Instruments } from './instruments.js';
import { endAttributes, eventAttributes, jobAttributes } from './job-attributes.js';
import { Phase, traceCall } from './phase.js';
import { spared } from './spared.js';
import { spanContextOf, traceparentOf } from './trace-parent.js';

/** A wait that is longer, or whose duration is unknown, is not part of a phase. */
const LONG_WAIT_MS = 60_000;

const ENDS: ReadonlySet<string> = new Set(['completed', 'failed', 'detached']);
/** During these waits the job is executing or being read. */
const NO_WAITS: ReadonlySet<WaitReason> = new Set(['server', 're-read']);

interface Wait {
  readonly reason: WaitReason;
  readonly until: number | undefined;
  readonly since: number;
  /** Long waits are not part of a phase; `unless-over`: only if the wait does not end at once. */
  readonly isLong: boolean | 'unless-over';
}

/** A free place is assigned within this time, in ms. */
const AT_ONCE_MS = 1_000;

export interface PhasedTraceOptions {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  readonly job: TracedJob;
  /** False if an instrumentation creates the spans of calls. */
  readonly tracesCalls: boolean;
  /** This process no longer drives the job. */
  readonly onEnd: () => void;
}

function waitAt(
  { value, context: { waitUntil } }: Position,
  { at, wallOffset }: TracedMoment,
): Wait | undefined {
  const reason = waitReasonOf(value);
  if (reason === undefined || NO_WAITS.has(reason)) return undefined;
  const isTimed = reason === 'limit' || reason === 'try';
  const until = isTimed && waitUntil !== undefined ? waitUntil + wallOffset : undefined;
  const isLong = reason === 'place' ? 'unless-over' : until === undefined || until - at > LONG_WAIT_MS;
  return { reason, until, since: at, isLong };
}

const isSame = (one: Wait | undefined, other: Wait | undefined): boolean =>
  one?.reason === other?.reason && one?.until === other?.until;

/** Calls back once after a delay, unless cancelled. Does not keep the process alive, and does not end it if the tracer throws. */
function later(callback: () => void): () => void {
  const timer = setTimeout(() => spared('the tracer', callback), AT_ONCE_MS);
  // A browser's timer is a number.
  if (typeof timer === 'object') timer.unref();
  return () => clearTimeout(timer);
}

/** The traces of a job: one for each phase, each linked to the previous one. */
export class PhasedTrace implements JobTrace {
  readonly #options: PhasedTraceOptions;
  readonly #createdAt: number;
  /** The span of the caller. It is only linked: as a parent, its sampling decision could drop the whole job. */
  #caller: SpanContext | undefined;
  #last: SpanContext | undefined;
  #phase: Phase | undefined;
  #position: Position | undefined;
  /** The lifecycle state of the current phase. */
  #state = '';
  #wait: Wait | undefined;
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(options: PhasedTraceOptions) {
    const { job, instruments } = options;
    this.#options = options;
    this.#createdAt = job.createdAt;
    this.#caller = trace.getSpanContext(context.active());
    this.#last = spanContextOf(job.traceparent);
    instruments.began();
  }

  get traceparent(): string | undefined {
    return this.#last && traceparentOf(this.#last);
  }

  /** The context of the job's calls. */
  get context(): Context {
    if (this.#phase !== undefined) return this.#phase.context;
    return this.#last === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, this.#last);
  }

  moved(position: Position, moment: TracedMoment): void {
    if (this.#isOver) return;
    const { lifecycle } = statePathOf(position.value);
    const before = this.#position;
    this.#position = position;
    if (before !== undefined && hasChanged(before, position)) this.#phase?.keepRead();
    if (ENDS.has(lifecycle)) return;
    if (this.#state !== lifecycle) this.#endPhase(moment.at);
    this.#state = lifecycle;
    this.#follow(waitAt(position, moment), moment.at);
  }

  heard(event: JobHandleEvent): void {
    const attributes = eventAttributes(event);
    if (attributes !== undefined) this.#phase?.event(`goal_lane.${event.type}`, attributes, event.at);
  }

  called(exchange: TracedExchange): void {
    const { tracer, tracesCalls } = this.#options;
    if (this.#phase !== undefined) {
      if (isPoll(exchange)) this.#phase.polled(exchange);
      else this.#phase.call(exchange);
    } else if (tracesCalls) traceCall(tracer, exchange, this.context);
  }

  ended(output: JobOutput, at: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endWait(at);
    const how = endAttributes(output);
    const state = { 'goal_lane.outcome': output.status };
    this.#endPhase(at, { ...how, ...state }, output.status === 'failed');
    const workflow = this.#position && jobAttributes(this.#position)['goal_lane.workflow.id'];
    this.#options.instruments.ended(
      at - this.#createdAt,
      defined({ ...how, ...state, 'goal_lane.workflow.id': workflow }),
    );
    this.#options.onEnd();
  }

  left(at: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel?.();
    this.#endPhase(at);
    this.#options.instruments.left();
    this.#options.onEnd();
  }

  /** Enters a wait, leaves one, or continues. */
  #follow(wait: Wait | undefined, at: number): void {
    if (isSame(wait, this.#wait)) {
      if (this.#wait?.isLong !== true) this.#phase ??= this.#newPhase(at);
      return;
    }
    this.#endWait(at);
    this.#wait = wait;
    this.#phase ??= this.#newPhase(at);
    if (wait === undefined) return;
    const { reason, until, isLong } = wait;
    this.#phase.event('goal_lane.waiting', { reason, ...(until === undefined ? {} : { until }) }, at);
    if (isLong === true) this.#endPhase(at);
    if (isLong !== 'unless-over') return;
    this.#cancel = later(() => {
      this.#wait = { ...wait, isLong: true };
      this.#endPhase(at);
    });
  }

  #endWait(at: number): void {
    this.#cancel?.();
    if (this.#wait !== undefined) this.#options.instruments.waited(at - this.#wait.since, this.#wait.reason);
    this.#wait = undefined;
  }

  #newPhase(at: number): Phase {
    const attributes = {
      ...defined({ 'goal_lane.job.id': nameIn(this.#options.job.id) }),
      ...(this.#position && jobAttributes(this.#position)),
    };
    const phase = new Phase(this.#options, this.#state, at, [this.#last, this.#caller], attributes);
    this.#caller = undefined;
    this.#last = phase.spanContext;
    return phase;
  }

  #endPhase(at: number, more = {}, isError = false): void {
    const known = this.#position && jobAttributes(this.#position);
    this.#phase?.end(at, { ...known, 'goal_lane.state': this.#state, ...more }, isError);
    this.#phase = undefined;
  }
}
