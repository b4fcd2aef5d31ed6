import { type Context, context, diag, type Meter, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from '../../../src/adapters/opentelemetry/index.js';
import { laneScene, plainWorkflow, settle } from '../../engine/lane/lane-scene.js';
import { recordedTelemetry } from './recorded-telemetry.js';

const thrower = (): never => {
  throw new Error('an SDK that is broken');
};

afterEach(() => {
  context.disable();
  diag.disable();
  metrics.disable();
  trace.disable();
  vi.useRealTimers();
});

/** The API hands the functions to `with`. */
const manager = (run: (call: () => unknown) => unknown) => ({
  active: (): Context => ROOT_CONTEXT,
  // Boundary: the API takes what `with` returns for what the function returns.
  with: <Given extends unknown[], Result>(
    _: Context,
    call: (...given: Given) => Result,
    ...rest: unknown[]
  ) => run(() => Reflect.apply(call, rest[0], rest.slice(1))) as Result,
  bind: <Target>(_: Context, target: Target) => target,
  enable() {
    return this;
  },
  disable() {
    return this;
  },
});

async function runJob(telemetry = recordedTelemetry().telemetry) {
  const scene = laneScene({ workflows: [plainWorkflow('wf', 4_000)] });
  const error = vi.fn();
  const [nothing, child] = [() => undefined, () => logger];
  const logger = { debug: nothing, info: nothing, warn: nothing, error, child };
  const lane = scene.lane({ telemetry, logger });
  const job = lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
  const { status } = await settle(scene, job.result());
  await settle(scene, lane.close());
  return {
    status,
    reported: error.mock.calls.length,
    calls: scene.model.log.map(({ endpoint }) => endpoint),
  };
}

describe('an SDK that throws', () => {
  it.each([
    ['before it has called', thrower],
    [
      'after it has called',
      (call: () => unknown) => {
        void call();
        return thrower();
      },
    ],
  ])('disturbs no job where its context manager throws %s', async (_when, run) => {
    const without = await runJob();
    context.setGlobalContextManager(manager(run));
    const { status, reported, calls } = await runJob();
    expect([status, reported]).toEqual(['completed', 1]);
    expect(calls).toEqual(without.calls);
  });

  const names = ['createHistogram', 'createUpDownCounter', 'createObservableGauge', 'addCallback'] as const;

  it.each(names)('is left out if its meter throws, which diag logs: %s', async (name) => {
    const error = vi.fn();
    const [nothing, reported] = [() => undefined, (words: string) => error(words)];
    diag.setLogger({ error: reported, warn: nothing, info: nothing, debug: nothing, verbose: nothing });
    const real = metrics.getMeter('none');
    const meter: Meter = {
      ...real,
      createCounter: thrower,
      createHistogram: (...given) => real.createHistogram(...given),
      createUpDownCounter: (...given) => real.createUpDownCounter(...given),
      createObservableGauge: () => ({ addCallback: thrower, removeCallback: thrower }),
      ...(name === 'addCallback' ? {} : { [name]: thrower }),
    };
    const { telemetry } = recordedTelemetry({ meter });
    expect(error).toHaveBeenCalledWith(expect.stringMatching(/^goal-lane: [\w.]+ threw, and is left out$/));
    expect(await runJob(telemetry)).toMatchObject({ status: 'completed', reported: 0 });
  });

  it('is left out where its providers throw', async () => {
    trace.setGlobalTracerProvider({ getTracer: thrower });
    metrics.setGlobalMeterProvider({ getMeter: thrower });
    expect(await runJob(createTelemetry())).toMatchObject({ status: 'completed' });
  });

  it('ends no process where a span cannot end a second after the job has begun to wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { tracer } = recordedTelemetry();
    const startSpan: typeof tracer.startSpan = (...given) =>
      Object.assign(tracer.startSpan(...given), { end: thrower });
    const broken = createTelemetry({ tracer: { ...tracer, startSpan, startActiveSpan: thrower } });
    const scene = laneScene({ workflows: [plainWorkflow('wf', 60_000)], plan: 'free' });
    const lane = scene.lane({ telemetry: broken, plan: 'free' });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) lane.start({ id, workflowId: 'wf', files: ['a.txt'] });
    await scene.clock.advance(1_000);
    expect(() => vi.advanceTimersByTime(2_000)).not.toThrow();
    vi.useRealTimers();
    await settle(scene, lane.close());
  });
});
