import { describe, expect, it } from 'vitest';
import { runScripted } from '../../support/run-scripted.js';
import { failure, job, reading } from '../../support/scripted-ports.js';

const slot = (slotId: string) => ({ slotId, type: 'text', required: true });
const asked = (checkpointId: string, ...slotIds: string[]) =>
  reading('slot_needed', {
    itemVersion: 5,
    checkpoint: { checkpointId, slots: slotIds.map(slot) },
  });
const atCheckpoint = [asked('cp_1', 'tone'), reading('executing')];

describe('submitSlots', () => {
  it('resolves with accepted once the server has taken the values', async () => {
    const { handle, proceed, names } = await runScripted({
      getStatus: [...atCheckpoint, reading('completed')],
    });
    const answer = handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(await answer).toEqual({ status: 'accepted' });
    expect(names()).toContain('confirmJob');
  });

  it('resolves with the fields that the server refused, and the question that is asked again', async () => {
    const { handle, proceed } = await runScripted({
      getStatus: atCheckpoint,
      fillSlots: [failure('validation', { fieldErrors: [{ field: 'tone', message: 'too long' }] })],
    });
    const answer = handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(await answer).toMatchObject({
      status: 'refused',
      fieldErrors: [{ field: 'tone', message: 'too long' }],
      request: { values: { tone: 'warm' } },
    });
  });

  it('is refused by the confirm as well as by the PATCH', async () => {
    const { handle, proceed } = await runScripted({
      getStatus: atCheckpoint,
      confirmJob: [
        { jobSpecId: 'job_1' },
        failure('validation', { fieldErrors: [{ field: 'tone', message: 'no' }] }),
      ],
    });
    const answer = handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(await answer).toMatchObject({ status: 'refused', fieldErrors: [{ field: 'tone' }] });
  });

  it('refuses at once a slot that is not asked for, and sends nothing', async () => {
    const { handle, names } = await runScripted({ getStatus: atCheckpoint });
    expect(await handle.submitSlots({ colour: 'red' })).toMatchObject({
      status: 'refused',
      fieldErrors: [{ field: 'colour' }],
    });
    expect(names()).not.toContain('fillSlots');
  });

  it('resolves with the question that is open where other values are missing', async () => {
    const { handle } = await runScripted({ getStatus: [asked('cp_1', 'tone', 'title')] });
    expect(await handle.submitSlots({ tone: 'warm' })).toMatchObject({
      status: 'open',
      request: { missing: ['title'], values: { tone: 'warm' } },
    });
  });

  it('resolves with the other question where this one was answered elsewhere meanwhile', async () => {
    const { handle, proceed } = await runScripted({
      getStatus: [asked('cp_1', 'tone')],
      fillSlots: [failure('version-conflict')],
      getJob: [
        job({
          status: 'slot_needed',
          itemVersion: 9,
          checkpoint: { checkpointId: 'cp_2', slots: [slot('title')] },
        }),
      ],
    });
    const answer = handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(await answer).toMatchObject({
      status: 'open',
      request: { checkpoint: { checkpointId: 'cp_2' }, missing: ['title'] },
    });
  });

  it('reports `closed` if nothing is asked any more, or the job was detached', async () => {
    const gone = await runScripted({ getStatus: [reading('completed')] });
    expect(await gone.handle.submitSlots({ tone: 'warm' })).toEqual({ status: 'closed' });
    const elsewhere = await runScripted({
      getStatus: [asked('cp_1', 'tone'), reading('completed')],
      fillSlots: [failure('version-conflict')],
      getJob: [job({ status: 'executing', itemVersion: 9 })],
    });
    const answer = elsewhere.handle.submitSlots({ tone: 'warm' });
    await elsewhere.proceed();
    expect(await answer).toEqual({ status: 'closed' });
    const left = await runScripted({ getStatus: [asked('cp_1', 'tone')] });
    const cut = left.handle.submitSlots({ tone: 'warm' });
    await left.handle.detach();
    expect(await cut).toEqual({ status: 'closed' });
  });

  it('accepts values before execution, where the host confirms itself', async () => {
    const { handle, proceed } = await runScripted(
      { createJob: [job({ slots: [slot('tone')] })] },
      { workflowId: 'wf', files: ['a.txt'], confirm: 'manual' },
    );
    const answer = handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(await answer).toEqual({ status: 'accepted' });
    expect(handle.view().needs).toBe('confirm');
  });
});
