import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { createJobCalls } from '../../../../src/engine/binding/job-calls.js';
import { layered, type PortsLayer } from '../../../../src/engine/binding/ports-layer.js';
import { turnsFrom, waitsIn } from '../../../../src/engine/binding/turn-waiter.js';
import { recording } from '../../../../src/engine/durable/recording-layer.js';
import { createPollScheduler } from '../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import { createPollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';
import { createPoller } from '../../../../src/engine/lane/reads/poller.js';
import { readTurns } from '../../../../src/engine/lane/reads/read-turns-layer.js';
import { createMemoryStore } from '../../../../src/engine/store/memory/memory-store.js';
import { reading, scriptedPorts } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';
import { laneScene, plainWorkflow, sameFiles, settle } from '../lane-scene.js';

const keepContext = (): AsyncResource => new AsyncResource('test');

/** Two jobs that look ahead over one poller, and the turns that were waited for by promise. */
function scene(keep: typeof keepContext | undefined, layer: PortsLayer = (ports) => ports) {
  const clock = createVirtualClock();
  const governor = createPollGovernor({ random: () => 0 });
  const real = createPoller({ clock, governor, scheduler: createPollScheduler() });
  let promises = 0;
  const poller: typeof real = {
    ...{ began: (id) => real.began(id), knows: (id) => real.knows(id), wake: () => real.wake() },
    ...{ forget: (id) => real.forget(id), failed: (id, isSent) => real.failed(id, isSent) },
    observe: (id, seen) => real.observe(id, seen),
    wait: (request, signal, waiter) => real.wait(request, signal, waiter),
    turn(request, signal) {
      promises += 1;
      return real.turn(request, signal);
    },
  };
  const contexts = new AsyncLocalStorage<string>();
  const reads: string[] = [];
  const { ports } = scriptedPorts(clock);
  const stack = layered(
    {
      ...ports,
      async getStatus(_, { jobId }) {
        reads.push(`${jobId} in ${contexts.getStore()}`);
        return reading('executing', { progress: reads.length < 8 ? 30 : 60 });
      },
    },
    readTurns(poller, undefined, keep),
    layer,
  );
  const calls = createJobCalls(stack, { clock, random: () => 0 });
  const at30 = reading('executing', { progress: 30 });
  const known = { status: at30.status, statusWord: at30.statusWord, progress: 30 };
  const stops = new Map<string, AbortController>();
  const lookAhead = (jobId: string) =>
    contexts.run(`context of ${jobId}`, () => {
      const stop = new AbortController();
      stops.set(jobId, stop);
      const call = { jobId, signal: stop.signal, report: () => undefined };
      return calls.pollTurn({ jobSpecId: jobId, notBefore: 0, known }, call);
    });
  return {
    clock,
    lookAhead,
    reads,
    promises: () => promises,
    stop: (id: string) => stops.get(id)?.abort('stop'),
  };
}

const BOTH = ['a in context of a', 'b in context of b'];

describe('a job that looks ahead in a lane', () => {
  it.each([
    ['without a promise, if the platform keeps contexts otherwise', keepContext, false],
    ['by promises, if it does not', undefined, true],
  ])('waits for its turns %s, and reads in its own context', async (_, keep, isByPromise) => {
    const { clock, lookAhead, reads, ...counted } = scene(keep);
    const turns = [lookAhead('a'), lookAhead('b')];
    await clock.runUntil(() => reads.length >= 8, 60_000);
    expect([...new Set(reads)].sort()).toEqual(BOTH);
    expect(counted.promises() >= 8).toBe(isByPromise);
    expect(counted.promises() > 0).toBe(isByPromise);
    expect((await turns[1])?.ahead).toMatchObject({ ok: true, value: { progress: 60 } });
  });

  it('waits by the promise of a layer that replaces the port for turns', async () => {
    const asked: string[] = [];
    const { clock, lookAhead, reads, promises } = scene(keepContext, (inner) => ({
      ...inner,
      pollTurn(input, options) {
        asked.push(options.jobId);
        return inner.pollTurn(input, options);
      },
    }));
    void lookAhead('a');
    void lookAhead('b');
    await clock.runUntil(() => reads.length >= 8, 60_000);
    expect([...new Set(reads)].sort()).toEqual(BOTH);
    expect(promises()).toBe(asked.length);
    expect(asked.length).toBeGreaterThanOrEqual(8);
  });

  it('waits without a promise through the layer of stored jobs, which keeps the first reads back', async () => {
    const listener = { ...{ filesSeen: () => undefined, recordedFile: () => undefined } };
    const { clock, lookAhead, reads, promises } = scene(keepContext, (inner) => {
      const noReadBefore = createVirtualClock().now() + 1_500;
      const layer = recording(sameFiles, () => ({
        ...listener,
        uploadArrived: () => undefined,
        noReadBefore,
      }));
      return layer(inner);
    });
    void lookAhead('a');
    await clock.advance(1_400);
    expect(reads).toEqual([]);
    await clock.advance(20_000);
    expect(reads.length).toBeGreaterThan(3);
    expect(promises()).toBe(0);
  });

  it.each([keepContext, undefined])(
    'ends its wait when it is stopped, and is not read again',
    async (keep) => {
      const { clock, lookAhead, reads, stop } = scene(keep);
      const turn = lookAhead('a');
      await clock.advance(5_000);
      const before = reads.length;
      expect(before).toBeGreaterThan(0);
      stop('a');
      const { reply, ahead } = await turn;
      expect([reply.ok, ahead]).toEqual([false, undefined]);
      await clock.advance(20_000);
      expect(reads.length).toBe(before);
      const late = lookAhead('late');
      stop('late');
      expect((await late).reply.ok).toBe(false);
    },
  );
});

it('a changed input leaves a port that only has its promise as it is', async () => {
  const seen: unknown[] = [];
  const changed = turnsFrom({ pollTurn: async (input) => void seen.push(input) }, ({ jobSpecId }) => ({
    jobSpecId,
    notBefore: 7,
  }));
  expect(waitsIn(changed)).toBeUndefined();
  await changed({ jobSpecId: 'job_1', notBefore: 1 }, { jobId: 'a', signal: new AbortController().signal });
  expect(seen).toEqual([{ jobSpecId: 'job_1', notBefore: 7 }]);
});

it.each([
  ['in memory', false],
  ['in a store', true],
])(
  'each read of a lane %s runs in the asynchronous context in which its job was started',
  async (_, isStored) => {
    const contexts = new AsyncLocalStorage<string>();
    const seen = new Set<string>();
    const scene = laneScene({ workflows: [plainWorkflow('wf', 20_000)] });
    const lane = scene.lane({
      ...(isStored ? { store: createMemoryStore() } : {}),
      onRequest({ jobId, path }) {
        if (path.endsWith('/status')) seen.add(`${jobId} in ${contexts.getStore()}`);
      },
    });
    const handles = ['a', 'b', 'c'].map((id) =>
      contexts.run(`context of ${id}`, () => lane.start({ workflowId: 'wf', files: ['a.txt'], id })),
    );
    await settle(scene, Promise.all(handles.map((handle) => handle.result())));
    expect([...seen].sort()).toEqual(['a', 'b', 'c'].map((id) => `${id} in context of ${id}`));
    await settle(scene, lane.close());
  },
);
