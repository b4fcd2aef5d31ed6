import { describe, expect, it } from 'vitest';
import type { StateValue } from 'xstate';
import { createActor } from 'xstate';
import {
  invocationsAt,
  isInChart,
  movedTo,
  snapshotAt,
  statePathOf,
} from '../../../src/engine/interpreter/position.js';
import { machineFor } from '../../../src/machines/goal-job-machine.js';
import { attachedWith, contextWith } from '../../support/example-context.js';

describe('the two levels of a state', () => {
  it.each<[StateValue, string, string]>([
    ['completed', 'completed', ''],
    [{ executing: 'reading' }, 'executing', 'reading'],
    [{ executing: { reading: 'deeper' } }, 'executing', ''],
    [{}, '', ''],
  ])('of %j', (value, lifecycle, step) => expect(statePathOf(value)).toEqual({ lifecycle, step }));

  it('make a position in another state', () => {
    const context = contextWith();
    expect(movedTo('executing', 'reading', context)).toEqual({ value: { executing: 'reading' }, context });
  });
});

describe('a state of the chart', () => {
  it.each<[StateValue, boolean]>([
    ['completed', true],
    ['executing', true],
    ['resting', false],
    ['toString', false],
    [{ executing: 'reading' }, true],
    [{ executing: 'resting' }, false],
    [{ resting: 'reading' }, false],
    [{ executing: 'reading', pending: 'reading' }, false],
    [{ executing: { reading: 'deeper' } }, false],
    [{}, false],
    [{ executing: 'toString' }, false],
    ['executing.reading', false],
    // Boundary: what a damaged record may hold.
    [null as never, false],
  ])('is %j: %s, each time it is asked for', (value, expected) => {
    for (const context of [attachedWith(), attachedWith(), contextWith()])
      expect(isInChart({ value, context })).toBe(expected);
  });
});

describe('what the chart invokes', () => {
  const at = (changes = {}) => ({ value: { executing: 'reading' }, context: attachedWith(changes) });
  const deadline = { input: { jobSpecId: 'job_1', deadlineAt: 5 } };

  it('has the input of this job, whatever job was there before', () => {
    for (const jobSpecId of ['job_1', 'job_2'])
      expect(invocationsAt(at({ jobSpecId }))).toEqual([
        { id: '0.goalJob.executing.reading', src: 'getStatus', input: { jobSpecId } },
      ]);
  });

  it('includes the deadline of a job that has one', () => {
    expect(
      invocationsAt(at(deadline))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['0.goalJob.executing.reading', 'deadline'].sort());
    expect(invocationsAt(at())).toHaveLength(1);
    expect(invocationsAt({ value: 'completed', context: attachedWith() })).toEqual([]);
  });

  it.each([[at()], [at(deadline)]])('is started again from the snapshot of a position', (position) => {
    const machine = machineFor(position.context.input);
    const snapshot = snapshotAt(position);
    const children = invocationsAt(position).map(({ id, src, input }) => [
      id,
      { src, syncSnapshot: false, snapshot: { status: 'active', input } },
    ]);
    expect(snapshot).toEqual({
      ...{ status: 'active', value: position.value, context: position.context },
      ...{ output: undefined, error: undefined, historyValue: {}, children: Object.fromEntries(children) },
    });
    // Boundary: a persisted snapshot has no type of its own.
    const actor = createActor(machine, {
      snapshot: snapshot as never,
      input: position.context.input,
    });
    expect(actor.getSnapshot().value).toEqual(position.value);
    expect(Object.keys(actor.getSnapshot().children).sort()).toEqual(
      invocationsAt(position)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('opens the first step of a state that is named alone', () => {
    const context = attachedWith();
    const [first] = invocationsAt({ value: 'executing', context });
    expect(first?.src).toBe('pollTurn');
    // Boundary: a persisted snapshot has no type of its own.
    expect((snapshotAt({ value: 'executing', context }) as { value?: unknown }).value).toMatchObject({
      executing: expect.any(String),
    });
  });
});
