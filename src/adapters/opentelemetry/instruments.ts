import type { Attributes, Meter } from '@opentelemetry/api';
import type { WaitReason } from '../../engine/job/source/job-view.js';
import type { TracedExchange } from '../../services/http/exchange.js';
import { metricAttributes, templateOf } from './call-attributes.js';
import { spared } from './spared.js';

/** Metrics of jobs and their calls. Times are in seconds, according to the semantic conventions. */
export interface Instruments {
  called(exchange: TracedExchange): void;
  began(): void;
  /** @param ms since the job was created */
  ended(ms: number, how: Attributes): void;
  /** This process no longer drives the job. */
  left(): void;
  waited(ms: number, reason: WaitReason): void;
}

/** The buckets of the semantic conventions for `http.client.request.duration`. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** From a second to a day. */
const JOB_BUCKETS = [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

const seconds = (ms: number): number => Math.max(0, ms) / 1_000;

interface Remaining {
  readonly value: number;
  readonly attributes: Attributes;
}

/** Remembers what is left of each limit, and reports it when the meter collects. */
function gaugeOfLimits(meter: Meter): Map<string, Remaining> {
  const left = new Map<string, Remaining>();
  const name = 'goal_lane.rate_limit.remaining';
  spared(name, () =>
    meter
      .createObservableGauge(name, {
        description: 'What the last reply said is left of a limit of the key.',
        unit: '{request}',
      })
      .addCallback((result) => {
        for (const { value, attributes } of left.values()) result.observe(value, attributes);
      }),
  );
  return left;
}

/** Instruments that a meter cannot make are left out. @param countsCalls false if an instrumentation measures `http.client.request.duration` */
export function createInstruments(meter: Meter, countsCalls: boolean): Instruments {
  const histogram = (name: string, description: string, buckets: number[]) =>
    spared(name, () =>
      meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: buckets },
      }),
    );
  const calls = countsCalls
    ? histogram('http.client.request.duration', 'Duration of HTTP client requests.', REQUEST_BUCKETS)
    : undefined;
  const jobs = histogram('goal_lane.job.duration', 'From the creation of a job to its end.', JOB_BUCKETS);
  const waits = histogram('goal_lane.wait.duration', 'How long jobs waited, by reason.', JOB_BUCKETS);
  const active = spared('goal_lane.jobs.active', () =>
    meter.createUpDownCounter('goal_lane.jobs.active', {
      description: 'Jobs that this process drives.',
      unit: '{job}',
    }),
  );
  const left = gaugeOfLimits(meter);
  return {
    called(exchange) {
      calls?.record(seconds(exchange.ms), metricAttributes(exchange));
      const template = templateOf(exchange);
      const value = exchange.limit?.remaining;
      if (template === undefined || value === undefined) return;
      const attributes = { 'http.request.method': exchange.method, 'url.template': template };
      left.set(`${exchange.method} ${template}`, { value, attributes });
    },
    began: () => active?.add(1),
    ended(ms, how) {
      jobs?.record(seconds(ms), how);
      active?.add(-1);
    },
    left: () => active?.add(-1),
    waited: (ms, reason) => waits?.record(seconds(ms), { reason }),
  };
}
