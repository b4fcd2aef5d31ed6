import { describe, expect, it } from 'vitest';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, reading, workflow } from '../support/scripted-ports.js';

const tone = { slotId: 'tone', type: 'text', required: true };
const checkpoint = { checkpointId: 'review', stepOutputPreview: 'Detected roles', slots: [] };
const paused = reading('slot_needed', { checkpoint, itemVersion: 3 });
const attach = { jobSpecId: 'job_1' };
const versionOf = (input: unknown): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, 'itemVersion') : undefined;

describe('an item version that was refused (law 2)', () => {
  it.each([
    ['a confirm', { confirmJob: [failure('version-conflict'), { jobSpecId: 'job_1' }] }, {}],
    [
      'a PATCH',
      {
        loadCatalog: [[workflow({ requiredSlots: [tone] })]],
        createJob: [job({ slots: [tone] })],
        fillSlots: [failure('version-conflict'), { jobSpecId: 'job_1', itemVersion: 3 }],
      },
      { slots: { tone: 'warm' } },
    ],
  ] as const)('is not sent again by %s before a newer one was read', async (_, answers, options) => {
    const { slots } = 'slots' in options ? { slots: [tone] } : { slots: [] };
    const stillRefused = job({ itemVersion: 1, slots });
    const run = await runScripted(
      { ...answers, getJob: [stillRefused, stillRefused, stillRefused, job({ itemVersion: 2, slots })] },
      { ...newJob, ...options },
    );
    const call = 'slots' in options ? 'fillSlots' : 'confirmJob';
    expect(run.inputs(call).map(versionOf)).toEqual([1, 2]);
    expect(run.inputs('getJob')).toHaveLength(4);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('is not sent by the confirm either, after the PATCH that carried it was refused and yet applied', async () => {
    const filled = { ...tone, value: 'warm' };
    const run = await runScripted(
      {
        loadCatalog: [[workflow({ requiredSlots: [tone] })]],
        createJob: [job({ slots: [tone] })],
        fillSlots: [failure('version-conflict')],
        getJob: [job({ itemVersion: 1, slots: [filled] }), job({ itemVersion: 2, slots: [filled] })],
      },
      { ...newJob, slots: { tone: 'warm' } },
    );
    expect(run.inputs('fillSlots')).toHaveLength(1);
    expect(run.inputs('confirmJob').map(versionOf)).toEqual([2]);
  });

  it('is not sent to the next checkpoint either, where that is shown under the same version', async () => {
    const second = { ...checkpoint, checkpointId: 'second' };
    const run = await runScripted(
      {
        getJob: [
          job({ status: 'slot_needed', itemVersion: 3, checkpoint }),
          job({ status: 'executing', itemVersion: 3 }),
          job({ status: 'slot_needed', itemVersion: 4, checkpoint: second }),
        ],
        getStatus: [
          paused,
          reading('slot_needed', { checkpoint: second, itemVersion: 3 }),
          reading('slot_needed', { checkpoint: second, itemVersion: 4 }),
          reading('completed'),
        ],
        confirmJob: [failure('version-conflict'), { jobSpecId: 'job_1' }],
      },
      attach,
    );
    expect(run.inputs('confirmJob').map(versionOf)).toEqual([3, 4]);
  });

  it('detaches, resumable, if the server never reports a newer one', async () => {
    const run = await runScripted({ confirmJob: [failure('version-conflict')] });
    expect(run.inputs('confirmJob')).toHaveLength(1);
    expect(await run.handle.result()).toMatchObject({
      status: 'detached',
      reason: 'unreachable',
      jobSpecId: 'job_1',
    });
  });

  it('is sent again after a lost reply, which says nothing about the version', async () => {
    const run = await runScripted({
      confirmJob: [failure('network', { delivery: 'unknown' }), { jobSpecId: 'job_1' }],
    });
    expect(run.inputs('confirmJob').map(versionOf)).toEqual([1, 1]);
  });
});

describe('a `pending` that comes without a version once a checkpoint was met', () => {
  const stale = reading('pending');

  it('is an old reading: nothing is confirmed under the version of the checkpoint that came after it', async () => {
    const run = await runScripted(
      {
        getJob: [job({ status: 'slot_needed', itemVersion: 3 })],
        getStatus: [stale, stale, paused, reading('completed')],
      },
      attach,
    );
    expect(run.events.filter(({ type }) => type === 'checkpoint')).toHaveLength(1);
    expect(run.names().slice(0, 5)).toEqual(['getJob', 'getStatus', 'getStatus', 'getStatus', 'confirmJob']);
  });

  it('is believed where the server says its version: it has put the job back', async () => {
    const back = job({ status: 'pending', itemVersion: 4 });
    const run = await runScripted(
      {
        getJob: [job({ status: 'slot_needed', itemVersion: 3 }), back],
        getStatus: [stale, stale, stale, stale, stale, reading('completed')],
      },
      attach,
    );
    expect(run.inputs('confirmJob').map(versionOf)).toEqual([4]);
  });
});
