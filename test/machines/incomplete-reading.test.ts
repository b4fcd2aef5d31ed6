import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/services/wire/wire-types.js';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, reading, workflow } from '../support/scripted-ports.js';

const tone = { slotId: 'tone', type: 'text', required: true };
const titles = { slotId: 'titles', type: 'text', required: true };
const checkpoint = { checkpointId: 'review', stepOutputPreview: 'Detected roles', slots: [titles] };
const paused = reading('slot_needed', { checkpoint, itemVersion: 3 });
/** A job that says nothing of slots. */
const withoutSlots = (more: Partial<Job> = {}): Job => {
  const { slots: _, ...rest } = job(more);
  return rest;
};
const attach = { jobSpecId: 'job_1' };

describe('a server that leaves out what it need not say', () => {
  it.each([
    ['nothing but the item version', job({ status: 'pending', statusWord: '', itemVersion: 3 })],
    [
      'the name of the checkpoint',
      job({ status: 'slot_needed', checkpoint: { checkpointId: 'review', slots: [] } }),
    ],
    ['that it waits', job({ status: 'slot_needed' })],
  ])('a read of the job contains %s: its status is read before anything is sent', async (_, reported) => {
    const run = await runScripted(
      { getJob: [reported], getStatus: [paused, reading('completed')] },
      { ...attach, answers: { titles: 'CTO' } },
    );
    expect(run.names().slice(0, 4)).toEqual(['getJob', 'getStatus', 'fillSlots', 'confirmJob']);
    expect(run.inputs('fillSlots')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 3, slots: [{ slotId: 'titles', value: 'CTO' }] },
    ]);
    expect(run.events.filter(({ type }) => type === 'checkpoint')).toEqual([
      expect.objectContaining({ checkpoint }),
    ]);
    expect(run.events).not.toContainEqual(expect.objectContaining({ type: 'progress', status: '' }));
  });

  it('a re-read without a status is followed by one of the status: the slots before execution are not sent to a checkpoint', async () => {
    const run = await runScripted(
      {
        createJob: [job({ slots: [tone] })],
        loadCatalog: [[workflow({ requiredSlots: [tone] })]],
        fillSlots: [failure('version-conflict')],
        getJob: [withoutSlots({ status: 'pending', statusWord: '', itemVersion: 3 })],
        getStatus: [paused],
      },
      { ...newJob, slots: { tone: 'warm' } },
    );
    expect(run.handle.view().path).toBe('slot_needed.awaitingSlots');
    expect(run.inputs('fillSlots')).toHaveLength(1);
    expect(run.inputs('confirmJob')).toEqual([]);
  });

  it('shows the value of another actor though the re-read does not say where the job is', async () => {
    const run = await runScripted(
      {
        createJob: [job({ slots: [tone] })],
        loadCatalog: [[workflow({ requiredSlots: [tone] })]],
        fillSlots: [failure('version-conflict')],
        getJob: [
          job({ status: 'pending', statusWord: '', slots: [{ ...tone, value: 'cold' }], itemVersion: 2 }),
        ],
        getStatus: [reading('pending')],
      },
      { ...newJob, slots: { tone: 'warm' } },
    );
    expect(run.events.at(-1)).toMatchObject({
      type: 'inputNeeded',
      request: { conflicts: [{ slotId: 'tone', ours: 'warm', theirs: 'cold' }] },
    });
    expect(run.inputs('fillSlots')).toHaveLength(1);
  });

  it('a create that says nothing of slots asks for those of the catalog', async () => {
    const run = await runScripted(
      {
        loadCatalog: [[workflow({ requiredSlots: [tone] })]],
        createJob: [withoutSlots()],
      },
      { ...newJob, slots: { tone: 'warm' } },
    );
    expect(run.inputs('fillSlots')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 1, slots: [{ slotId: 'tone', value: 'warm' }] },
    ]);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('a value that was given is sent once a 422 names its slot', async () => {
    const run = await runScripted(
      {
        getJob: [withoutSlots()],
        confirmJob: [
          failure('validation', { fieldErrors: [{ field: 'tone', message: 'is required' }] }),
          { jobSpecId: 'job_1' },
        ],
      },
      { ...attach, slots: { tone: 'warm' } },
    );
    expect(run.inputs('fillSlots')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 1, slots: [{ slotId: 'tone', value: 'warm' }] },
    ]);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('a read of the job that says where it is counts as one of its status', async () => {
    const run = await runScripted({ getJob: [job({ status: 'executing' })] }, attach);
    const at = (name: string): number => run.calls.find((call) => call.name === name)?.at ?? 0;
    expect(at('getStatus') - at('getJob')).toBe(2_000);
  });
});

describe('a checkpoint that comes with a value', () => {
  const proposed = { ...checkpoint, slots: [{ ...titles, value: 'Engineer' }] };
  const answers = {
    getStatus: [reading('slot_needed', { checkpoint: proposed, itemVersion: 3 }), reading('completed')],
  };

  it('is shown to a person all the same', async () => {
    const run = await runScripted(answers);
    expect(run.handle.view().path).toBe('slot_needed.awaitingSlots');
    expect(run.events.at(-1)).toMatchObject({
      request: { slots: [{ value: 'Engineer' }], missing: ['titles'] },
    });
    run.handle.submitSlots({ titles: 'Engineer' });
    await run.proceed();
    expect(run.inputs('fillSlots')).toEqual([]);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('continues if the answer was prepared', async () => {
    const run = await runScripted(answers, { ...newJob, answers: { titles: 'CTO' } });
    expect(run.inputs('fillSlots')).toMatchObject([{ slots: [{ slotId: 'titles', value: 'CTO' }] }]);
  });
});

describe('input that is no use', () => {
  it.each([
    ['an empty text', { slots: { tone: '' } }],
    ['null', { answers: { tone: null } }],
  ])('%s is no value for a slot that is required, and nothing is uploaded', async (_, given) => {
    const run = await runScripted(
      { loadCatalog: [[workflow({ requiredSlots: [tone] })]] },
      { ...newJob, ...given, missingSlots: 'fail' },
    );
    expect(await run.handle.result()).toMatchObject({ status: 'detached', reason: 'input-needed' });
    expect(run.names()).toEqual(['inspectFiles', 'loadCatalog']);
  });

  it('the id of no job, adopted by mistake, leaves the outcome as unknown as it was', async () => {
    const run = await runScripted({
      createJob: [failure('network', { delivery: 'unknown' })],
      // It may be a second old, and not known everywhere: it is asked for as long as a patience of some seconds lasts.
      getJob: [...Array.from({ length: 4 }, () => failure('not-found')), job({ status: 'executing' })],
    });
    run.handle.send({ type: 'ADOPT', jobSpecId: 'job_typo' });
    await run.proceed();
    expect(run.handle.view()).toMatchObject({ path: 'preparing.outcomeUnknown' });
    expect(run.handle.view().jobSpecId).toBeUndefined();
    expect(run.events.at(-1)).toMatchObject({
      type: 'outcomeUnknown',
      failure: { kind: 'outcome-unknown', message: expect.stringContaining('not-found') },
    });
    run.handle.send({ type: 'ADOPT', jobSpecId: 'job_1' });
    await run.proceed();
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('createJob')).toHaveLength(1);
  });
});
