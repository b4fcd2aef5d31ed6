import { context, createContextKey, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobTelemetry } from '../../../src/engine/job/index.js';
import { laneScene, memoryFiles, plainWorkflow, settle } from '../../engine/lane/lane-scene.js';
import { linkedIds, recordedTelemetry } from './recorded-telemetry.js';

const workflows = [plainWorkflow('wf', 4_000)];
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const manager = new AsyncLocalStorageContextManager();

beforeAll(() => {
  manager.enable();
  context.setGlobalContextManager(manager);
});
afterAll(() => {
  context.disable();
  manager.disable();
});

/** What an instrumentation of HTTP would find while a file goes up. */
async function seenWhileUploading(telemetry: JobTelemetry) {
  const scene = laneScene({ workflows });
  const files = memoryFiles(scene.model, scene.clock);
  const seen: { isSuppressed: boolean; spanId: string | undefined }[] = [];
  const uploadFile: typeof files.uploadFile = async (...given) => {
    const isSuppressed = context.active().getValue(SUPPRESSED) === true;
    seen.push({ isSuppressed, spanId: trace.getSpan(context.active())?.spanContext().spanId });
    if (files.uploadFile === undefined) throw new Error('no upload');
    return files.uploadFile(...given);
  };
  const lane = scene.lane({ telemetry, ports: { ...files, uploadFile } });
  const job = lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
  expect((await settle(scene, job.result())).status).toBe('completed');
  await settle(scene, lane.close());
  return seen;
}

describe('a job beside the traces of its host', () => {
  it('links to the span of its caller, and is no child of it', async () => {
    const { telemetry, tracer, phases } = recordedTelemetry();
    const scene = laneScene({ workflows });
    const lane = scene.lane({ telemetry });
    const caller = tracer.startSpan('POST /orders');
    const job = context.with(trace.setSpan(context.active(), caller), () =>
      lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] }),
    );
    caller.end();
    await settle(scene, job.result());
    const [first, second] = phases();
    expect(first && linkedIds(first)).toEqual([caller.spanContext().spanId]);
    expect(first?.spanContext().traceId).not.toBe(caller.spanContext().traceId);
    expect(second && linkedIds(second)).toEqual([first?.spanContext().spanId]);
    await settle(scene, lane.close());
  });

  it('keeps an instrumentation of HTTP from tracing each call again', async () => {
    const { telemetry, phases } = recordedTelemetry();
    const seen = await seenWhileUploading(telemetry);
    expect(seen).toEqual([{ isSuppressed: true, spanId: phases()[0]?.spanContext().spanId }]);
  });

  it('leaves calls to it where that is wanted, within the trace of their job', async () => {
    const { telemetry, phases, spans, points } = recordedTelemetry({ http: 'instrumentation' });
    const seen = await seenWhileUploading(telemetry);
    expect(seen).toEqual([{ isSuppressed: false, spanId: phases()[0]?.spanContext().spanId }]);
    expect(spans()).toEqual(expect.arrayContaining(phases()));
    expect(spans()).toHaveLength(phases().length);
    expect(phases().some(({ attributes }) => Number(attributes['goal_lane.polls']) > 0)).toBe(true);
    expect(await points('http.client.request.duration')).toEqual([]);
  });

  it('continues if telemetry throws', async () => {
    const { telemetry } = recordedTelemetry();
    const broken: JobTelemetry = {
      ...telemetry,
      follow: () => {
        throw new Error('no exporter');
      },
      onExchange: () => {
        throw new Error('no exporter');
      },
    };
    expect(await seenWhileUploading(broken)).toHaveLength(1);
  });
});
