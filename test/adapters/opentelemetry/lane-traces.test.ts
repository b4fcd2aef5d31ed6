import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { laneScene, plainWorkflow, settle } from '../../engine/lane/lane-scene.js';
import { callsIn, eventNames, linkedIds, msOf, recordedTelemetry, stateOf } from './recorded-telemetry.js';

const checkpoint = {
  checkpointId: 'review',
  at: 0.5,
  stepOutputPreview: 'a preview',
  slots: [{ slotId: 'tone', type: 'text' }],
};
const workflows = [
  plainWorkflow('wf', 20_000, { curve: 'stalling', steps: ['one', 'two'], checkpoints: [checkpoint] }),
];

function scenario() {
  const recorded = recordedTelemetry();
  const scene = laneScene({ workflows });
  return { ...recorded, scene };
}

async function runWhole() {
  const { scene, telemetry, ...recorded } = scenario();
  const lane = scene.lane({ telemetry });
  const job = lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
  await scene.clock.runUntil(() => job.view().needs === 'slots');
  await scene.clock.advance(90_000);
  void job.submitSlots({ tone: 'plain' });
  expect((await settle(scene, job.result())).status).toBe('completed');
  await settle(scene, lane.close());
  return { scene, ...recorded };
}

describe('a job of a lane as traces', () => {
  it('is a root a phase, each of a trace of its own, linked to the one before', async () => {
    const { phases } = await runWhole();
    expect(phases().map(stateOf)).toEqual([
      'preparing',
      'confirming',
      'executing',
      'slot_needed',
      'slot_needed',
      'confirming',
      'executing',
      'downloading',
    ]);
    for (const [at, phase] of phases().entries()) {
      expect(phase.parentSpanContext).toBeUndefined();
      const before = phases()[at - 1];
      expect(linkedIds(phase)).toEqual(before === undefined ? [] : [before.spanContext().spanId]);
    }
    expect(new Set(phases().map((phase) => phase.spanContext().traceId)).size).toBe(8);
    expect(phases().at(-1)?.attributes).toMatchObject({
      'goal_lane.job.id': 'a',
      'goal_lane.workflow.id': 'wf',
      'goal_lane.state': 'downloading',
      'goal_lane.outcome': 'completed',
    });
  });

  it('has its calls as client spans where they belong', async () => {
    const { phases, spans } = await runWhole();
    const inPhase = (at: number) => {
      const phase = phases()[at];
      return phase === undefined ? [] : callsIn(spans(), phase);
    };
    const names = (at: number) => inPhase(at).map(({ name }) => name);
    expect(names(0)).toEqual(['GET /workflows/catalog', 'POST /jobs/goal']);
    expect(names(1)).toContain('POST /jobs/goal/{jobSpecId}/confirm');
    expect(names(4)).toContain('PATCH /jobs/goal/{jobSpecId}/slots');
    expect(names(7)).toEqual(['GET /jobs/goal/{jobSpecId}/download']);
    const create = inPhase(0)[1];
    expect(create?.kind).toBe(SpanKind.CLIENT);
    expect(create?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': 'api.convilyn.com',
      'server.port': 443,
      'url.template': '/jobs/goal',
      'url.full': expect.stringMatching(/^https:.*\/jobs\/goal$/),
      'http.response.status_code': expect.any(Number),
      'goal_lane.job.id': 'a',
    });
  });

  it('counts its reads, and shows only those that brought news', async () => {
    const { scene, phases, spans } = await runWhole();
    const reads = spans().filter(({ name }) => name === 'GET /jobs/goal/{jobSpecId}/status');
    const counted = phases().reduce(
      (sum, { attributes }) => sum + Number(attributes['goal_lane.polls'] ?? 0),
      0,
    );
    expect(counted).toBe(scene.count('status'));
    expect(reads.length).toBeGreaterThan(1);
    expect(reads.length).toBeLessThan(counted);
  });

  it('ends its phase where a long wait begins, and says what it waits for', async () => {
    const { phases, points } = await runWhole();
    const [asking, answered] = phases().filter((phase) => stateOf(phase) === 'slot_needed');
    expect(asking?.events.find(({ name }) => name === 'goal_lane.waiting')?.attributes).toEqual({
      reason: 'slots',
    });
    const gap = msOf(answered?.startTime ?? [0, 0]) - msOf(asking?.endTime ?? [0, 0]);
    expect(gap).toBeGreaterThanOrEqual(90_000);
    expect(await points('goal_lane.wait.duration')).toContainEqual({
      attributes: { reason: 'slots' },
      value: expect.objectContaining({ count: 1, sum: gap / 1_000 }),
    });
  });

  it('measures calls, jobs and what is left of the limits', async () => {
    const { scene, points, telemetry } = scenario();
    const lane = scene.lane({ telemetry });
    const job = lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
    await scene.clock.runUntil(() => job.view().needs === 'slots');
    expect(await points('goal_lane.jobs.active')).toEqual([{ attributes: {}, value: 1 }]);
    void job.submitSlots({ tone: 'plain' });
    await settle(scene, job.result());
    expect(await points('goal_lane.jobs.active')).toEqual([{ attributes: {}, value: 0 }]);
    const calls = await points('http.client.request.duration');
    const counts = calls.map(({ value }) =>
      typeof value === 'object' && 'count' in value ? value.count : 0,
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(scene.model.log.length);
    expect(await points('goal_lane.job.duration')).toEqual([
      {
        attributes: { 'goal_lane.outcome': 'completed', 'goal_lane.workflow.id': 'wf' },
        value: expect.objectContaining({ count: 1 }),
      },
    ]);
    expect(await points('goal_lane.rate_limit.remaining')).toContainEqual({
      attributes: { 'http.request.method': 'GET', 'url.template': '/jobs/goal/{jobSpecId}/status' },
      value: expect.any(Number),
    });
    await settle(scene, lane.close());
  });

  it('links a resume in another process to the last phase that a crash has left', async () => {
    const { scene, telemetry, phases } = scenario();
    const stored = createMemoryStore();
    const job = scene
      .lane({ store: stored, telemetry })
      .start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
    await scene.clock.runUntil(() => job.view().path.startsWith('executing'));
    await scene.clock.advance(4_000);
    const record = await stored.load('a');
    expect(record?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);

    // What the process had in hand is lost with it; what it has stored is not.
    const found = createMemoryStore();
    const owner = { id: 'before', pid: 1, host: 'here', startedAt: '1' };
    const answer = await found.acquireLease('a', { owner, now: 0, ttlMs: 1 });
    if (record === undefined || !('lease' in answer)) throw new Error('not stored');
    await found.save(record, { lease: answer.lease, effect: true });
    await found.releaseLease(answer.lease);

    const other = recordedTelemetry();
    const lane = scene.lane({ store: found, telemetry: other.telemetry });
    const { handles } = await settle(scene, lane.resume());
    await scene.clock.runUntil(() => handles[0]?.view().needs === 'slots');
    await scene.clock.runUntil(() => other.phases().length > 1);
    const [first] = other.phases();
    expect(first && stateOf(first)).toBe('executing');
    expect(first && linkedIds(first)).toEqual([record.traceparent?.split('-')[2]]);
    expect(phases().map(stateOf)).not.toContain('executing');
    await settle(scene, lane.close());
  });

  it('reports failures, tries and short waits', async () => {
    const { telemetry, phases, spans } = scenario();
    const scene = laneScene({
      workflows: [plainWorkflow('wf', 8_000, { curve: 'absent' })],
      faults: [
        { on: 'create', times: 1, fault: { kind: 'rate-limited', resetInMs: 20_000 } },
        { on: 'status', nth: 1, fault: { kind: 'http-error', status: 503 } },
      ],
    });
    const lane = scene.lane({ telemetry });
    const job = lane.start({ id: 'a', workflowId: 'wf', files: ['a.txt'] });
    expect((await settle(scene, job.result())).status).toBe('completed');
    const failed = spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['POST /jobs/goal', '429'],
      ['GET /jobs/goal/{jobSpecId}/status', '503'],
    ]);
    const again = spans().filter(({ attributes }) => attributes['http.request.resend_count'] !== undefined);
    expect(again.map(({ name, attributes }) => [name, attributes['http.request.resend_count']])).toEqual([
      ['POST /jobs/goal', 1],
      ['GET /jobs/goal/{jobSpecId}/status', 1],
    ]);
    const [preparing] = phases();
    expect(preparing && eventNames(preparing)).toEqual(
      expect.arrayContaining(['goal_lane.rateLimited', 'goal_lane.waiting', 'goal_lane.created']),
    );
    expect(phases().filter((phase) => stateOf(phase) === 'preparing')).toHaveLength(1);
    await settle(scene, lane.close());
  });
});
