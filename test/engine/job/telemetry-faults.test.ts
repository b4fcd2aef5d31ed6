import { describe, expect, it } from 'vitest';
import { createTestEmulator, runToRest } from '../../../src/adapters/testing/index.js';
import type { PortsLayer } from '../../../src/engine/binding/ports-layer.js';
import type { JobLogger, JobTelemetry } from '../../../src/engine/job/index.js';
import type { PortOptions } from '../../../src/machines/ports.js';

type How = <Output>(call: (options: PortOptions) => Promise<Output>, options: PortOptions) => Promise<Output>;

/** A layer that passes on some calls of a job, as configured. */
const passing =
  (how: How): PortsLayer =>
  (inner) => ({
    ...inner,
    loadCatalog: (input, options) => how((given) => inner.loadCatalog(input, given), options),
    createJob: (input, options) => how((given) => inner.createJob(input, given), options),
    confirmJob: (input, options) => how((given) => inner.confirmJob(input, given), options),
    getStatus: (input, options) => how((given) => inner.getStatus(input, given), options),
  });

const thrower = (): never => {
  throw new Error('the layer itself');
};

const nothing = (): undefined => undefined;

async function run(layer?: PortsLayer) {
  const reported: string[] = [];
  const logger: JobLogger = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (fields, message) => void reported.push(`${message}: ${JSON.stringify(fields)}`),
    child: () => logger,
  };
  const trace = {
    traceparent: undefined,
    ...{ moved: nothing, heard: nothing, ended: nothing, left: nothing },
  };
  const telemetry: JobTelemetry | undefined = layer && { follow: () => trace, onExchange: nothing, layer };
  const emulator = createTestEmulator();
  // A reply with a failure of its own, which is none of the layer.
  emulator.faults.add({ on: 'getStatus', nth: 2, fault: { kind: 'http-error', status: 503 } });
  const files = { 'a.txt': 'x' };
  const job = emulator.start({ workflowId: 'goal_lane.media_archive', files }, { telemetry, logger });
  const { outcome } = await runToRest(job);
  return { status: outcome?.status, reported, calls: emulator.log.map(({ endpoint }) => endpoint) };
}

describe('a telemetry whose layer throws', () => {
  const layers: [string, PortsLayer][] = [
    ['when it wraps the ports', thrower],
    ['before each call', passing(async () => thrower())],
    ['at once, before each call', passing(thrower)],
    [
      'after each call was made',
      passing((call, options) => {
        call(options).catch(nothing);
        return thrower();
      }),
    ],
    [
      'after each call has ended',
      passing(async (call, options) => {
        await call(options);
        return thrower();
      }),
    ],
    // A host in JavaScript.
    ['because it has returned no ports', () => JSON.parse('{}')],
  ];

  it.each(layers)('disturbs no job: it throws %s', async (_when, layer) => {
    const without = await run();
    expect(without).toMatchObject({ status: 'completed', reported: [] });
    const { status, reported, calls } = await run(layer);
    expect(status).toBe('completed');
    expect(calls).toEqual(without.calls);
    expect(reported).toEqual([expect.stringContaining('telemetry threw: {"function":"telemetry","stack":')]);
  });

  it('makes a call once that it asks for twice', async () => {
    const twice = passing(async (call, options) => {
      await call(options);
      return call(options);
    });
    expect((await run(twice)).calls).toEqual((await run()).calls);
  });

  it('has no create made twice where it passes on options of its own', async () => {
    const own = passing(async (call, options) => {
      await call({ signal: options.signal, jobId: options.jobId });
      return thrower();
    });
    const { calls } = await run(own);
    expect(calls.filter((endpoint) => endpoint === 'create').length).toBeLessThan(2);
  });

  it('is not blamed for the failures of calls', async () => {
    const { status, reported } = await run(passing((call, options) => call(options)));
    expect([status, reported]).toEqual(['completed', []]);
  });
});
