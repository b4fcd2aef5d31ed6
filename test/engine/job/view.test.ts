import { describe, expect, expectTypeOf, it } from 'vitest';
import type { runGoalJob } from '../../../src/adapters/node/run-goal-job.js';
import {
  inputRequestOf,
  type JobActor,
  type JobView,
  startGoalJob,
  viewOf,
} from '../../../src/engine/job/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { newJob, runScripted } from '../../support/run-scripted.js';
import { failure, reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const tone = { slotId: 'tone', type: 'text', required: true };
const asked = (checkpointId: string) =>
  reading('slot_needed', {
    itemVersion: 5,
    checkpoint: { checkpointId, stepOutputPreview: 'what was written', slots: [tone] },
  });

/** A scripted job with a port of the test's own, not yet run. */
function started(own: Partial<JobPorts>) {
  const clock = createVirtualClock();
  const { ports } = scriptedPorts(clock);
  return { clock, handle: startGoalJob({ ports: { ...ports, ...own }, input: newJob, clock }) };
}

describe('the view of a job', () => {
  it('shows the open question to late subscribers, also to XState hosts with a persisted snapshot', async () => {
    const { handle } = await runScripted({ getStatus: [reading('executing'), asked('cp_1')] });
    const view = handle.view();
    expect(view).toMatchObject({
      state: 'slot_needed',
      path: 'slot_needed.awaitingSlots',
      needs: 'slots',
      request: { checkpoint: { stepOutputPreview: 'what was written' }, missing: ['tone'], slots: [tone] },
      wait: { for: 'slots', why: 'Values are asked of a person: tone.' },
    });
    expect(inputRequestOf(handle.actor.getSnapshot())).toEqual(view.request);
    const persisted: unknown = JSON.parse(JSON.stringify(handle.actor.getPersistedSnapshot()));
    expect(inputRequestOf(persisted as ReturnType<JobActor['getSnapshot']>)).toEqual(view.request);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });

  it('has a request in its type only where slots are asked for', () => {
    const read = (view: JobView) => {
      if (view.needs === 'slots') expectTypeOf(view.request.missing).toEqualTypeOf<readonly string[]>();
      else expectTypeOf(view.request).toEqualTypeOf<undefined>();
      if (view.needs === 'decision') expectTypeOf(view.decision.ways).not.toBeNever();
    };
    read(
      viewOf(
        startGoalJob({ ports: scriptedPorts(createVirtualClock()).ports, input: newJob }).actor.getSnapshot(),
      ),
    );
  });

  it('says that a decision is wanted, about what, and which ways there are', async () => {
    const { handle } = await runScripted({ createJob: [failure('server', { delivery: 'unknown' })] });
    expect(handle.view()).toMatchObject({
      path: 'preparing.outcomeUnknown',
      needs: 'decision',
      decision: { failure: { kind: 'outcome-unknown' }, ways: ['RETRY', 'ADOPT', 'DETACH'] },
      failure: { kind: 'outcome-unknown' },
    });
  });

  it('says what it waits for, why, until when and since when', async () => {
    const retryAt = createVirtualClock().now() + 45_000;
    const { clock } = { clock: createVirtualClock() };
    const { ports } = scriptedPorts(clock, {
      createJob: [failure('rate-limited', { retryAt, delivery: 'not-sent' })],
    });
    const handle = startGoalJob({ ports, input: newJob, clock });
    await clock.runUntil(() => handle.view().tags.includes('rate-limited'));
    expect(handle.view()).toMatchObject({
      wait: { for: 'limit', call: 'creating', attempt: 2, until: retryAt, since: clock.now() },
      waitingUntil: retryAt,
      failure: { kind: 'rate-limited' },
    });
    await handle.detach();
    expect(handle.view().wait).toBeUndefined();
  });

  it('shows each file with what has left of it, then the result and until when it is kept', async () => {
    let arrive = (): void => undefined;
    const { clock, handle } = started({
      uploadFile: async (_, { onProgress }) => {
        onProgress?.({ handle: 'a.txt', sentBytes: 2, totalBytes: 3 });
        await new Promise<void>((resolve) => {
          arrive = resolve;
        });
        return { fileId: 'f' };
      },
    });
    await clock.runUntil(() => handle.view().files[0]?.sentBytes === 2);
    expect(handle.view().files).toEqual([
      { handle: 'a.txt', name: 'a.txt', bytes: 3, state: 'uploading', sentBytes: 2 },
    ]);
    arrive();
    await clock.runUntil(() => handle.view().state === 'completed');
    expect(handle.view()).toMatchObject({
      files: [{ state: 'uploaded', sentBytes: 3 }],
      result: { name: 'output.zip', file: '/out/output.zip', bytes: 3, sha256: 'abc' },
    });
    expect(handle.view().retention.resultExpiresAt).toBeGreaterThan(clock.now() + 23 * 3_600_000);
    expect(JSON.stringify(handle.view())).not.toContain('secret');
  });

  it('is the same object until something changes, and so is each part that did not', async () => {
    const { handle, proceed } = await runScripted({
      getStatus: [asked('cp_1')],
      fillSlots: [failure('validation', { fieldErrors: [{ field: 'tone', message: 'too long' }] })],
    });
    const before = handle.view();
    expect(handle.view()).toBe(before);
    void handle.submitSlots({ tone: 'x' });
    await proceed();
    const after = handle.view();
    expect(after).not.toBe(before);
    expect(after.files).toBe(before.files);
    expect(handle.view()).toBe(after);
  });

  it('reports every change to a subscriber, state paths included, and nothing after it unsubscribes', async () => {
    const clock = createVirtualClock();
    const { ports } = scriptedPorts(clock);
    const handle = startGoalJob({ ports, input: newJob, clock, lookAhead: false });
    const paths: string[] = [];
    let last: JobView | undefined;
    const { subscribe, view } = handle;
    const stop = subscribe((reported) => {
      expect(reported).toBe(view());
      expect(reported).not.toBe(last);
      last = reported;
      if (reported.path !== paths.at(-1)) paths.push(reported.path);
    });
    await clock.runUntil(() => handle.view().state === 'executing');
    stop();
    const heard = paths.length;
    expect(paths).toEqual([
      'preparing.validating',
      'preparing.queued',
      'preparing.uploading',
      'preparing.takingTicket',
      'preparing.creating',
      'confirming.sending',
      'confirming.awaitingTurn',
      'confirming.reading',
      'executing.awaitingTurn',
    ]);
    await clock.runUntil(() => handle.view().state === 'completed');
    expect(paths).toHaveLength(heard);
  });

  it('keeps the other subscribers and the job where one throws', async () => {
    const { clock, handle } = started({});
    const heard: string[] = [];
    handle.subscribe(() => {
      throw new Error('its own fault');
    });
    handle.subscribe(({ state }) => heard.push(state));
    await clock.runUntil(() => handle.view().state === 'completed');
    expect(heard.at(-1)).toBe('completed');
  });

  it('has its actor in the type of runGoalJob', () => {
    expectTypeOf<ReturnType<typeof runGoalJob>['actor']>().toEqualTypeOf<JobActor>();
  });
});

describe('events of a job', () => {
  it('end quietly for a reader whose signal aborts, while it waits', async () => {
    const { handle } = await runScripted({ getStatus: [asked('cp_1')] });
    const stop = new AbortController();
    const events = handle.events({ signal: stop.signal });
    const pending = events.next();
    stop.abort();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(await events.next()).toEqual({ value: undefined, done: true });
    const late = handle.events({ signal: stop.signal });
    expect(await late.next()).toEqual({ value: undefined, done: true });
    await handle.detach();
  });
});
