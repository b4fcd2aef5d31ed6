import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../src/engine/job/index.js';
import { createMemoryStore } from '../../src/engine/store/index.js';
import type { SlotAnswer, SlotDefinition, SlotValue } from '../../src/services/wire/wire-types.js';
import { createWorld, INPUT } from '../engine/durable/world.js';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, reading, scriptedPorts } from '../support/scripted-ports.js';
import { createVirtualClock } from '../support/virtual-clock.js';

/** What every object inherits: a map that is asked carelessly holds them all. */
const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];

const slot = (slotId: string, more: Partial<SlotDefinition> = {}): SlotDefinition => ({
  slotId,
  type: 'text',
  required: true,
  ...more,
});

const only = <Value>(slotId: string, value: Value): Readonly<Record<string, Value>> =>
  Object.fromEntries([[slotId, value]]);

const sent = (inputs: readonly unknown[]): readonly (readonly SlotAnswer[])[] =>
  inputs.map((input) => (input as { readonly slots: readonly SlotAnswer[] }).slots);

const run = (slotId: string, more: object = {}, answers: object = {}) =>
  runScripted({ createJob: [job({ slots: [slot(slotId)] })], ...answers }, { ...newJob, ...more });

describe.each(NAMES)('a slot called %s', (slotId) => {
  it('is asked for, and what is submitted is sent', async () => {
    const { handle, names, inputs, proceed, events } = await run(slotId);
    expect(events.at(-1)).toMatchObject({ type: 'inputNeeded', request: { missing: [slotId] } });
    handle.submitSlots(only(slotId, 'given'));
    await proceed();
    expect(sent(inputs('fillSlots'))).toEqual([[{ slotId, value: 'given' }]]);
    expect(names()).toContain('confirmJob');
  });

  it('takes a list of answers in turn, also after a refusal', async () => {
    const fillSlots = [
      failure('validation', { fieldErrors: [{ field: slotId, message: 'no' }] }),
      { jobSpecId: 'job_1', itemVersion: 2 },
    ];
    const { inputs } = await run(slotId, { answers: only(slotId, ['first', 'second']) }, { fillSlots });
    expect(sent(inputs('fillSlots'))).toEqual([[{ slotId, value: 'first' }], [{ slotId, value: 'second' }]]);
  });

  it('asks again for the value that the server refuses', async () => {
    const fillSlots = [failure('validation', { fieldErrors: [{ field: slotId, message: 'no' }] })];
    const { events } = await run(slotId, { answers: only(slotId, 'first') }, { fillSlots });
    expect(events.at(-1)).toMatchObject({
      type: 'inputNeeded',
      request: { fieldErrors: [{ field: slotId, message: 'no' }] },
    });
  });

  it('is no conflict if its value was not changed', async () => {
    const { handle, proceed, events } = await run(
      slotId,
      {},
      {
        fillSlots: [failure('version-conflict'), { jobSpecId: 'job_1', itemVersion: 3 }],
        getJob: [job({ slots: [slot(slotId)], itemVersion: 2 })],
      },
    );
    handle.submitSlots(only(slotId, 'given'));
    await proceed();
    expect(events.filter(({ type }) => type === 'inputNeeded')).toHaveLength(1);
    expect(handle.view().state).toBe('completed');
  });

  it('takes the value that the server holds already', async () => {
    const createJob = [job({ slots: [slot(slotId, { value: 'theirs' })] })];
    const { names } = await run(slotId, {}, { createJob });
    expect(names()).not.toContain('fillSlots');
    expect(names()).toContain('confirmJob');
  });

  it('is kept in a snapshot, in its context and in its input', async () => {
    const answers = only<SlotValue>(slotId, ['first', 'second']);
    const asked = [slot(slotId), slot('other')];
    const first = await run(slotId, { answers }, { createJob: [job({ slots: asked })] });
    const snapshot = JSON.parse(JSON.stringify(first.handle.actor.getPersistedSnapshot()));
    const clock = createVirtualClock();
    const { ports, calls } = scriptedPorts(clock, {
      getStatus: [
        reading('slot_needed', {
          itemVersion: 3,
          checkpoint: { checkpointId: slotId, slots: [slot(slotId)] },
        }),
        reading('completed'),
      ],
    });
    const second = startGoalJob({ ports, input: newJob, snapshot, clock, random: () => 0.5 });
    second.submitSlots({ other: 'x' });
    await clock.runUntil(() => second.actor.getSnapshot().status !== 'active');
    expect(sent(calls.filter(({ name }) => name === 'fillSlots').map(({ input }) => input))).toEqual([
      [
        { slotId, value: 'first' },
        { slotId: 'other', value: 'x' },
      ],
      [{ slotId, value: 'second' }],
    ]);
  });

  it('is kept in a store', async () => {
    const store = createMemoryStore();
    const world = createWorld(store);
    const jobs = world.open('one');
    await jobs.start({ ...INPUT, answers: only(slotId, ['first', 'second']) }, { id: 'a' });
    const input: unknown = (await store.load('a'))?.input;
    expect(Object.entries((input as typeof INPUT).answers ?? {})).toEqual([[slotId, ['first', 'second']]]);
    await jobs.close();
  });
});
