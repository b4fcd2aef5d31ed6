import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Actor, createActor, type OutputFrom, type SnapshotFrom } from 'xstate';
import {
  goalJobMachine,
  type JobCommand,
  type JobEmitted,
  type JobInput,
  type JobOutput,
  type JobPorts,
  type JobTag,
} from '../../src/machines/index.js';
import type { Checkpoint } from '../../src/services/wire/wire-types.js';

type Machine = typeof goalJobMachine;
type Snapshot = SnapshotFrom<Machine>;
type Patch = Parameters<JobPorts['fillSlots']>[0];

/** Checked by the compiler: a line that must not compile and does is an unused `@ts-expect-error`, and the type check fails. */
const illegal = (actor: Actor<Machine>, snapshot: Snapshot): void => {
  // @ts-expect-error a new job needs its files
  createActor(goalJobMachine, { input: { workflowId: 'goal_lane.cover_letter' } });
  // @ts-expect-error a job is either new or exists already
  const both: JobInput = { workflowId: 'w', files: [], jobSpecId: 'job_1' };
  // @ts-expect-error there is no such policy
  const policy: JobInput = { jobSpecId: 'job_1', onUnknownOutcome: 'guess' };
  // @ts-expect-error an event that no host may send
  actor.send({ type: 'CANCEL' });
  // @ts-expect-error ADOPT names the job
  actor.send({ type: 'ADOPT' });
  // @ts-expect-error a slot's value is JSON, not a function
  actor.send({ type: 'SUBMIT_SLOTS', slots: { tone: () => 'warm' } });
  // @ts-expect-error no state has this name
  snapshot.matches('running');
  // @ts-expect-error no such substate of executing
  snapshot.matches({ executing: 'uploading' });
  // @ts-expect-error no such tag
  snapshot.hasTag('slow');
  // @ts-expect-error a PATCH without an item version cannot be sent
  const blind: Patch = { jobSpecId: 'job_1', slots: [] };
  // @ts-expect-error what was emitted cannot be changed
  actor.on('progress', (event) => (event.progress = 3));
  // @ts-expect-error nothing emits this
  actor.on('cancelled', () => undefined);
  void both;
  void policy;
  void blind;
};

describe('the types of the machine', () => {
  it('do not let an illegal use compile', () => {
    expect(illegal).toBeTypeOf('function');
  });

  it('know states, waits and tags by name', () => {
    const legal = (snapshot: Snapshot): boolean =>
      snapshot.matches('slot_needed') ||
      snapshot.matches({ executing: 'rateLimited' }) ||
      snapshot.matches({ preparing: 'outcomeUnknown' }) ||
      snapshot.hasTag('user-input');
    expect(legal(createActor(goalJobMachine, { input: { jobSpecId: 'job_1' } }).getSnapshot())).toBe(false);
    expectTypeOf<Parameters<Snapshot['hasTag']>[0]>().toEqualTypeOf<JobTag>();
  });

  it('give each outcome only what it has', () => {
    expectTypeOf<OutputFrom<Machine>>().toEqualTypeOf<JobOutput>();
    expectTypeOf<Extract<JobOutput, { status: 'completed' }>['jobSpecId']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<JobOutput, { status: 'completed' }>>().not.toHaveProperty('failure');
    expectTypeOf<Extract<JobOutput, { status: 'failed' }>>().toHaveProperty('failure');
    expectTypeOf<Extract<JobOutput, { status: 'failed' }>>().not.toHaveProperty('saved');
  });

  it('type what is emitted and what may be sent', () => {
    expectTypeOf<Extract<JobEmitted, { type: 'checkpoint' }>['checkpoint']>().toEqualTypeOf<Checkpoint>();
    expectTypeOf<JobCommand['type']>().toEqualTypeOf<
      'SUBMIT_SLOTS' | 'CONFIRM' | 'RETRY' | 'ADOPT' | 'DETACH' | 'REFRESH_DOWNLOAD'
    >();
  });
});
